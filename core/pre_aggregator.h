// Pre-aggregation: from n vectors others that a rule then aggregates (NNM,
// bucketing, clipping, ARC). One file each under pre_aggregators/. Conventions as in rule.h.
#pragma once

#include <string>
#include <vector>

#include "core/rule.h"

namespace byzsim {

template <class Real>
using VectorList = std::vector<std::vector<Real>>;

/// One pre-aggregator of the table. `apply` returns outputs(parameters, n) vectors of the same
/// dimension and leaves the inputs alone.
struct PreAggregator {
  Declaration declaration;
  Bound computable;  ///< without it the formula has no meaning
  VectorList<float> (*apply_float)(const RuleInput<float>& input);
  VectorList<double> (*apply_double)(const RuleInput<double>& input);
  /// How many vectors come out of n; null when n do.
  std::int64_t (*outputs)(const Parameters& parameters, std::int64_t n) = nullptr;
  std::string cost = "";

  VectorList<float> apply(const RuleInput<float>& input) const { return apply_float(input); }
  VectorList<double> apply(const RuleInput<double>& input) const { return apply_double(input); }
};

const Table<PreAggregator>& pre_aggregators();

}  // namespace byzsim
