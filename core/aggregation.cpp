#include "core/aggregation.h"

#include <fmt/format.h>

namespace byzsim {
namespace {

template <class Real>
std::vector<const Real*> pointers_to(const VectorList<Real>& vectors) {
  std::vector<const Real*> pointers;
  for (const auto& vector : vectors) pointers.push_back(vector.data());
  return pointers;
}

template <class Real>
RuleInput<Real> input_of(std::span<const Real* const> vectors, const Choice& choice, int f,
                         const AggregationInput<Real>& input, const Executor& executor) {
  return {vectors, input.dimension, f, choice.parameters, executor, input.previous, input.stream};
}

// The vectors after the chain, which is not empty.
template <class Real>
VectorList<Real> apply_chain(const Aggregation& aggregation, const AggregationInput<Real>& input,
                             const Executor& executor) {
  VectorList<Real> vectors;
  for (const Choice& choice : aggregation.pre) {
    const auto pointers = pointers_to(vectors);
    const std::span<const Real* const> given =
        vectors.empty() ? input.vectors : std::span<const Real* const>(pointers);
    vectors = pre_aggregators()
                  .at(choice.name)
                  .apply(input_of<Real>(given, choice, aggregation.f, input, executor));
  }
  return vectors;
}

}  // namespace

template <class Real>
VectorList<Real> pre_aggregate(const Aggregation& aggregation, const AggregationInput<Real>& input,
                               const Executor& executor) {
  if (!aggregation.pre.empty()) return apply_chain(aggregation, input, executor);
  VectorList<Real> copies;
  for (const Real* vector : input.vectors) copies.emplace_back(vector, vector + input.dimension);
  return copies;
}

template <class Real>
std::vector<Real> aggregate(const Aggregation& aggregation, const AggregationInput<Real>& input,
                            const Executor& executor) {
  const VectorList<Real> chained =
      aggregation.pre.empty() ? VectorList<Real>() : apply_chain(aggregation, input, executor);
  const auto pointers = pointers_to(chained);
  const std::span<const Real* const> given =
      aggregation.pre.empty() ? input.vectors : std::span<const Real* const>(pointers);
  std::vector<Real> out(input.dimension);
  rules()
      .at(aggregation.rule.name)
      .aggregate(input_of<Real>(given, aggregation.rule, aggregation.f, input, executor),
                 out.data());
  return out;
}

std::optional<std::string> broken_condition(const Aggregation& aggregation, std::int64_t n,
                                            bool unsafe) {
  for (const Choice& choice : aggregation.pre) {
    const PreAggregator& entry = pre_aggregators().at(choice.name);
    if (!entry.computable.holds(n, aggregation.f))
      return fmt::format("{} needs {} vectors: with f = {} at least {}, not {}", choice.name,
                         to_string(entry.computable), aggregation.f,
                         entry.computable.least(aggregation.f), n);
    if (entry.outputs != nullptr) n = entry.outputs(choice.parameters, n);
  }
  return broken_condition(rules().at(aggregation.rule.name), n, aggregation.f, unsafe);
}

template VectorList<float> pre_aggregate(const Aggregation&, const AggregationInput<float>&,
                                         const Executor&);
template VectorList<double> pre_aggregate(const Aggregation&, const AggregationInput<double>&,
                                          const Executor&);
template std::vector<float> aggregate(const Aggregation&, const AggregationInput<float>&,
                                      const Executor&);
template std::vector<double> aggregate(const Aggregation&, const AggregationInput<double>&,
                                       const Executor&);

}  // namespace byzsim
