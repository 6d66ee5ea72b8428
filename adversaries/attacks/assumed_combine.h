// What an attack that knows its victim's aggregation assumes its receiver to combine: the same
// aggregation that the receiver computes, of the vectors that are known and one candidate in place
// of every Byzantine vector.
//
// On a graph that is the receiver's own combine: its vector, those of its honest neighbours, their
// gossip weights and its tolerated number. The draws of the receiver lie ahead: a rule that draws
// is computed with draws of the attacker's own.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "adversaries/attacks/attack.h"

namespace byzsim {

/// Vectors that point into an attack's input, and the aggregation of them.
template <class Real>
struct AssumedCombine {
  Aggregation defence = {};
  std::vector<const Real*> honest = {};  ///< in the receiver's order; at least one
  std::size_t forged = 0;                ///< Byzantine vectors after these, all the same
  std::optional<std::size_t> own = {};   ///< which of `honest` is the receiver's
  std::vector<double> weights = {};      ///< of all vectors; empty: equal
};

/// On a graph that of the receiver, where its vector is known; otherwise the honest vectors known
/// (or the attacker's own), then `f` Byzantine ones. Against an unknown defence, one that asks for
/// what only the receiver has (losses), and one that so few vectors cannot be given to, it is the
/// average, on a graph weighted.
template <class Real>
AssumedCombine<Real> assumed_combine(const AttackInput<Real>& input);

/// What the receiver makes of the vectors, where the Byzantine ones are `candidate`.
template <class Real>
std::vector<Real> combined_with(const AssumedCombine<Real>& combine, const AttackInput<Real>& input,
                                const std::vector<Real>& candidate);

/// What it should make of them: the mean of the honest vectors or, with weights, their weighted
/// mean, in which the weight of the Byzantine ones goes to the receiver's own.
template <class Real>
std::vector<double> honest_combine(const AssumedCombine<Real>& combine, std::size_t dimension);

}  // namespace byzsim
