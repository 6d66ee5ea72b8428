// Weights of vectors as the rules use them that weigh vectors: only their ratios count, so that
// gossip weights, which sum to 1, and numbers of updates are weights alike. A vector of weight 0 is
// not there; weights that are all 0 are equal ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/rules/rule.h"

namespace byzsim {

/// Sums of weights differ from exact ones by rounding; by no more than this share of their total.
constexpr double kWeightSlack = 1e-12;

/// The vectors that have a weight.
template <class Real>
struct WeightedVectors {
  std::vector<const Real*> vectors;  ///< in their order
  std::vector<double> weights;       ///< above 0, the largest of them in [1, 2)
  double total = 0;                  ///< of the weights
  bool equal = true;                 ///< whether all vectors are here, and weigh alike
};

template <class Real>
WeightedVectors<Real> weighted_vectors(const RuleInput<Real>& input);

/// The input with these vectors alone, all alike; what belongs to single vectors is left out.
template <class Real>
RuleInput<Real> input_of_weighted(const RuleInput<Real>& input,
                                  const WeightedVectors<Real>& weighted);

/// The declared parameter `share`, and what it comes to: f/n or a number below 1/2.
Parameter byzantine_share_parameter(const std::string& summary);
template <class Real>
double byzantine_share(const RuleInput<Real>& input);
/// Whether it is f/n.
bool is_default_share(const Parameters& parameters);

/// The vectors by their value at one coordinate: ascending, NaN as +infinity, -0 before +0, equals
/// by index. `first` orders like the value.
using RankedColumn = std::vector<std::pair<std::int64_t, std::size_t>>;
template <class Real>
void rank_column(std::span<const Real* const> vectors, std::size_t coordinate,
                 RankedColumn& ranked);

/// The value, +infinity in place of NaN.
template <class Real>
double ordered_value(Real value);

}  // namespace byzsim
