#include <algorithm>
#include <cmath>

#include "adversaries/attacks/attack.h"

namespace byzsim::attacks_list {
namespace {

template <class Real>
std::vector<Real> craft_random_uniform(AttackInput<Real> input) {
  // In float the largest draws would round up to 1.
  const Real below_one = std::nextafter(Real(1), Real(0));
  std::vector<Real> forged(input.dimension());
  for (Real& value : forged) value = std::min(static_cast<Real>(input.stream.uniform()), below_one);
  return forged;
}

}  // namespace

Attack random_uniform() {
  return {.declaration = {.name = "random_uniform",
                          .summary = "independent uniform noise in [0, 1) in every coordinate",
                          .source = "Garfield (Guerraoui et al., DSN 2021): random",
                          .aliases = {"random"}},
          .uses_honest = false,
          .craft_float = craft_random_uniform<float>,
          .craft_double = craft_random_uniform<double>};
}

}  // namespace byzsim::attacks_list
