// One aggregation and the worst inputs that were found for it, as values and as text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adversaries/inputs/worst_inputs.h"
#include "core/input/json.h"
#include "core/robustness/upper_bounds.h"
#include "tools/input/csv_table.h"
#include "tools/search_inputs/inputs_request.h"

namespace byzsim {

/// How every aggregation is searched.
struct InputsEffort {
  Coefficient coefficient = Coefficient::kappa;
  std::int64_t evaluations = 10'000;
  std::uint64_t seed = 1;
};

/// What is known of one aggregation's coefficient.
struct InputsRow {
  InputsSetting setting;
  InputsEffort effort;
  WorstInputs found;            ///< its ratio: a lower bound
  double in_float32 = 0;        ///< the ratio of the same inputs where the rule computes in float
  std::optional<double> exact;  ///< the coefficient itself (order_weights.h, window_rules.h)
  std::optional<double> least;  ///< of any rule; of kappa, and 2f < n
  std::optional<UpperBound> at_most;
};

/// The row of a setting, by a search; it begins with the inputs of an earlier row of the same
/// aggregation and n in fewer dimensions, if there is one.
InputsRow searched_row(const InputsSetting& setting, const InputsEffort& effort,
                       const std::vector<InputsRow>& earlier, const Executor& executor);

/// "nnm, krum".
std::string name_of_aggregation(const Aggregation& aggregation);
/// A table for people, one heading for each n, f and dimension.
std::string rows_text(const std::vector<InputsRow>& rows);
/// Everything, infinite numbers as "inf", and the inputs.
Json row_json(const InputsRow& row);
CsvTable rows_csv(const std::vector<InputsRow>& rows);
/// The request of `byzsim eval` that computes the output of the inputs, in float64.
Json witness_of(const InputsRow& row);

}  // namespace byzsim
