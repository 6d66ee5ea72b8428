#include <algorithm>
#include <optional>

#include "adversaries/attacks/attack.h"
#include "core/check.h"

namespace byzsim::attacks_list {
namespace {

// The place of the copied node's vector among those known; nothing while it is not.
template <class Real>
std::optional<std::size_t> place_of(const AttackInput<Real>& input, std::size_t index) {
  if (input.honest.empty()) return std::nullopt;
  BYZ_CHECK(input.honest_numbers.empty() ||
                (input.honest_numbers.size() == input.honest.size() && input.visible > 0),
            "every vector that is known has a number, or none has");
  if (input.honest_numbers.empty()) return index % input.honest.size();
  const auto found =
      // By the node's number, not by its place: early in a step only some vectors are known, and
      // the first of those is another node's in every step.
      std::find(input.honest_numbers.begin(), input.honest_numbers.end(), index % input.visible);
  if (found == input.honest_numbers.end()) return std::nullopt;
  return static_cast<std::size_t>(found - input.honest_numbers.begin());
}

template <class Real>
std::vector<Real> craft_mimic(AttackInput<Real> input) {
  const auto place = place_of(input, static_cast<std::size_t>(input.parameters.integer("index")));
  if (!place) return own_vector(input);
  return {input.honest[*place], input.honest[*place] + input.dimension()};
}

}  // namespace

Attack mimic() {
  return {
      .declaration =
          {.name = "mimic",
           .summary = "a copy of one honest node's vector, always the same node's; its own vector "
                      "while it does not see that one",
           .source = "ByzFL, whose epsilon is the index; after Karimireddy et al., ICLR "
                     "2022, who choose the node by the direction of largest variance",
           .parameters = {integer(
               "index", 0, 0, 1e6,
               "index of the copied node among the honest ones of its kind, modulo their "
               "number; among the Byzantine ones where it knows own_messages; where it knows a "
               "neighbourhood, 0 is the receiver, and its honest neighbours follow")},
           .aliases = {"Mimic"}},
      .uses_honest = true,
      .craft_float = craft_mimic<float>,
      .craft_double = craft_mimic<double>};
}

}  // namespace byzsim::attacks_list
