// The point from which an attack's vector departs: one that is the same for all receivers, or on a
// graph the receiver's own vector, as in the sparse attacks of renaudgaucher/Byzantine-Robust-
// Gossip, which send node i the vector x_i + c a.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adversaries/attacks/attack.h"

namespace byzsim {

/// The parameter `from`: `usual`, the default, or "receiver".
inline Parameter departure_parameter(std::string usual) {
  return word("from", {std::move(usual), "receiver"},
              "the vector from which it departs; receiver: on a graph, each receiver's own")
      .omitted_at_default();
}

/// `usual`, or the receiver's own vector where the attack departs from it; nothing where that is
/// not known (yet).
template <class Real>
std::optional<std::vector<double>> departure(const AttackInput<Real>& input,
                                             std::vector<double> usual) {
  if (input.parameters.word("from") != "receiver") return usual;
  if (input.target == nullptr || input.target->own == nullptr) return std::nullopt;
  return std::vector<double>(input.target->own, input.target->own + input.dimension());
}

}  // namespace byzsim
