#include "core/rules/vector_weights.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/check.h"

namespace byzsim {
namespace {

double power_of_two_below(double value) {
  int exponent = 0;
  std::frexp(value, &exponent);
  return std::ldexp(1.0, exponent - 1);
}

}  // namespace

template <class Real>
WeightedVectors<Real> weighted_vectors(const RuleInput<Real>& input) {
  BYZ_CHECK(input.n() >= 1, "there are no vectors to weigh");
  BYZ_CHECK(input.weights.empty() || input.weights.size() == input.vectors.size(),
            "every vector has a weight");
  WeightedVectors<Real> weighted;
  const auto lightest = std::min_element(input.weights.begin(), input.weights.end());
  const auto heaviest = std::max_element(input.weights.begin(), input.weights.end());
  weighted.equal = input.weights.empty() || *lightest == *heaviest;
  // By a power of two: whole numbers stay exact, and so do sums of them.
  const double unit = weighted.equal ? 1 : power_of_two_below(*heaviest);
  for (std::size_t i = 0; i < input.vectors.size(); ++i) {
    const double weight = weighted.equal ? 1 : input.weights[i] / unit;
    if (weight == 0) continue;
    weighted.vectors.push_back(input.vectors[i]);
    weighted.weights.push_back(weight);
    weighted.total += weight;
  }
  return weighted;
}

template <class Real>
RuleInput<Real> input_of_weighted(const RuleInput<Real>& input,
                                  const WeightedVectors<Real>& weighted) {
  return {weighted.vectors, input.dimension, input.f,     input.parameters,
          input.executor,   input.previous,  input.stream};
}

Parameter byzantine_share_parameter(const std::string& summary) {
  return real("share", 0.25, 0, 0.499, summary).or_default_word("f/n");
}

bool is_default_share(const Parameters& parameters) { return parameters.is_word("share"); }

template <class Real>
double byzantine_share(const RuleInput<Real>& input) {
  if (!is_default_share(input.parameters)) return input.parameters.real("share");
  return static_cast<double>(input.f) / static_cast<double>(input.n());
}

template <class Real>
double ordered_value(Real value) {
  return std::isnan(value) ? std::numeric_limits<double>::infinity() : static_cast<double>(value);
}

template <class Real>
void rank_column(std::span<const Real* const> vectors, std::size_t coordinate,
                 RankedColumn& ranked) {
  ranked.clear();
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    const auto bits = std::bit_cast<std::int64_t>(ordered_value(vectors[i][coordinate]));
    // Negative doubles order against their bits.
    ranked.emplace_back(bits < 0 ? bits ^ std::numeric_limits<std::int64_t>::max() : bits, i);
  }
  std::sort(ranked.begin(), ranked.end());
}

#define BYZ_INSTANTIATE(Real)                                               \
  template WeightedVectors<Real> weighted_vectors(const RuleInput<Real>&);  \
  template RuleInput<Real> input_of_weighted(const RuleInput<Real>&,        \
                                             const WeightedVectors<Real>&); \
  template double byzantine_share(const RuleInput<Real>&);                  \
  template double ordered_value(Real);                                      \
  template void rank_column(std::span<const Real* const>, std::size_t, RankedColumn&);
BYZ_INSTANTIATE(float)
BYZ_INSTANTIATE(double)
#undef BYZ_INSTANTIATE

}  // namespace byzsim
