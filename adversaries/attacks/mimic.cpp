#include "adversaries/honest_statistics.h"

namespace byzsim::attacks_list {
namespace {

template <class Real>
std::vector<Real> craft_mimic(AttackInput<Real> input) {
  const std::vector<const Real*> known = known_vectors(input);
  const auto index = static_cast<std::size_t>(input.parameters.integer("index")) % known.size();
  return {known[index], known[index] + input.dimension()};
}

}  // namespace

Attack mimic() {
  return {.declaration =
              {.name = "mimic",
               .summary = "a copy of one visible honest vector; its own if none is visible",
               .source = "ByzFL, whose epsilon is the index; after Karimireddy et al., ICLR "
                         "2022, who choose the node by the direction of largest variance",
               .parameters = {integer(
                   "index", 0, 0, 1e6,
                   "index of the copied vector among the visible ones, modulo their number")},
               .aliases = {"Mimic"}},
          .uses_honest = true,
          .craft_float = craft_mimic<float>,
          .craft_double = craft_mimic<double>};
}

}  // namespace byzsim::attacks_list
