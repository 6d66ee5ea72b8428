// The search of the attacks that know the receiver's aggregation, for damage with many peaks:
// selection rules drop a vector as a whole once it is too far off, so that the damage of a factor
// grows, falls within a tiny interval and may rise again.
//
// It is byzsim's own, in place of ByzFL's line search (line_search.h). How it compares with random
// factors and with ByzFL's search was measured: adversaries/README.md.
#pragma once

#include <cstdint>
#include <functional>

namespace byzsim {

/// Factors from `start` upwards: first a ladder of equal ratios, which goes on by doubling while
/// its end does most harm; then gaps between neighbours are halved, in turns the wider one beside
/// the best factor so far, and the one that promises most. A gap promises the more the wider it is
/// for its factor, and the closer its better end comes to the most harm so far.
struct FactorScan {
  std::int64_t evaluations;  ///< of the objective, the first at `start` included; at least 1
  double start;
};

/// The best x that the search meets, the one closest to `start` of equals; `start` unless another
/// is strictly better. An objective that is not finite counts as -infinity: such a result would
/// give the attacker away, and NaN has no order.
double maximize(const FactorScan& scan, const std::function<double(double)>& objective);

}  // namespace byzsim
