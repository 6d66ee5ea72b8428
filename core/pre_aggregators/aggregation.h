// An aggregation as scenarios and `eval` name it: a chain of pre-aggregators, then a rule. Attacks
// that know their victim's defence call the same function.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pre_aggregators/pre_aggregator.h"
#include "core/rules/rule.h"

namespace byzsim {

/// By name: every choice is one of the tables, with parameters in their ranges.
struct Aggregation {
  std::vector<Choice> pre;
  Choice rule;
  int f = 0;  ///< declared
};

/// What an aggregation works on.
template <class Real>
struct AggregationInput {
  std::span<const Real* const> vectors;
  std::size_t dimension;
  const Real* previous = nullptr;  ///< as in RuleInput
  Stream stream = Stream(0, Purpose::aggregation, 0, 0);
  std::optional<std::size_t> own = {};         ///< as in RuleInput; lost where vectors are grouped
  std::span<const std::int32_t> senders = {};  ///< the same
  std::span<Real* const> memory = {};    ///< as in RuleInput; of vectors that keep their places
  std::span<const double> weights = {};  ///< as in RuleInput; lost where vectors are grouped
  const std::function<double(const Real* model)>* loss = nullptr;  ///< as in RuleInput
  const std::function<SymmetricMatrix()>* distances = nullptr;     ///< as in RuleInput
  RuleCounts* counts = nullptr;                                    ///< of the rule, not the chain
  std::span<Real* const> values = {};  ///< as in RuleInput, as are all below
  std::span<const Real> norms = {};
  Real* new_norms = nullptr;
  const Real* model = nullptr;
  const Real* reference = nullptr;
};

/// The vectors that the rule is given. With an empty chain: copies of the inputs.
template <class Real>
VectorList<Real> pre_aggregate(const Aggregation& aggregation, const AggregationInput<Real>& input,
                               const Executor& executor);

/// One vector of the inputs' dimension. The conditions of computability hold (see below).
template <class Real>
std::vector<Real> aggregate(const Aggregation& aggregation, const AggregationInput<Real>& input,
                            const Executor& executor);

/// The same, written to the `dimension` values at `out`, which overlap no input.
template <class Real>
void aggregate_into(const Aggregation& aggregation, const AggregationInput<Real>& input,
                    const Executor& executor, Real* out);

/// What the rule needs and, after the chain, is not offered, as a sentence; nothing when it has
/// all.
std::optional<std::string> unmet_need(const Aggregation& aggregation, Offered offered);

/// Why n vectors break a condition of the chain or the rule, or what the rule needs and the
/// receiver does not offer, as a sentence; nothing when all hold. With `unsafe` only what cannot be
/// computed counts.
std::optional<std::string> broken_condition(const Aggregation& aggregation, std::int64_t n,
                                            bool unsafe, Offered offered = {});

}  // namespace byzsim
