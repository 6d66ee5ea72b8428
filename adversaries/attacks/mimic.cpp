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
  return {
      .declaration = {.name = "mimic",
                      .summary =
                          "the vector of one honest node that it knows, its own when it knows none",
                      .source = "ByzFL, whose epsilon is the index; after Karimireddy et al., ICLR "
                                "2022, who choose whom by the direction of largest variance",
                      .parameters = {integer(
                          "index", 0, 0, 1e6,
                          "who is copied among the honest ones known, modulo their number")},
                      .aliases = {"Mimic"}},
      .uses_honest = true,
      .craft_float = craft_mimic<float>,
      .craft_double = craft_mimic<double>};
}

}  // namespace byzsim::attacks_list
