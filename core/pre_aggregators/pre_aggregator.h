// Pre-aggregation: from n vectors others that a rule then aggregates (NNM,
// bucketing, clipping, ARC). One file each under pre_aggregators/. Conventions as in rule.h.
#pragma once

#include <string>
#include <vector>

#include "core/pre_aggregators/mixture.h"
#include "core/rules/rule.h"

namespace byzsim {

/// One pre-aggregator of the table. `mix` says what its outputs(parameters, n) vectors are made of.
struct PreAggregator {
  Declaration declaration;
  Bound computable;  ///< without it the formula has no meaning
  std::vector<Mixture> (*mix_float)(const RuleInput<float>& input);
  std::vector<Mixture> (*mix_double)(const RuleInput<double>& input);
  /// How many vectors come out of n; null when n do.
  std::int64_t (*outputs)(const Parameters& parameters, std::int64_t n) = nullptr;
  /// For people, in n and d: "n^2 d".
  std::string cost = "";

  std::vector<Mixture> mix(const RuleInput<float>& input) const { return mix_float(input); }
  std::vector<Mixture> mix(const RuleInput<double>& input) const { return mix_double(input); }
};

/// All pre-aggregators, in the order of pre_aggregators.def.
const Table<PreAggregator>& pre_aggregators();

}  // namespace byzsim
