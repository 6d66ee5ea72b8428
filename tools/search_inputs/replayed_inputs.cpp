#include "tools/search_inputs/replayed_inputs.h"

#include <fmt/format.h>

#include <cmath>

#include "core/input/parameter_reader.h"
#include "core/robustness/honest_sets.h"
#include "tools/eval/line_fields.h"
#include "tools/search_inputs/inputs_row.h"

namespace byzsim {
namespace {

InputVectors floats_of(const Json& request, const std::string& where) {
  InputVectors inputs;
  const auto vectors = vectors_from<double>(request);
  inputs.dimension = vectors[0].size();
  for (const std::vector<double>& vector : vectors)
    for (const double value : vector) {
      if (!std::isfinite(value) || static_cast<double>(static_cast<float>(value)) != value)
        refuse_field(where + "/vectors", fmt::format("{} is no float32", value),
                     "give a file that search-inputs wrote, or round the numbers to float32");
      inputs.values.push_back(static_cast<float>(value));
    }
  return inputs;
}

Aggregation aggregation_in(const Json& request, const std::string& where) {
  if (!request.contains("aggregate"))
    refuse_field(where, "has no \"aggregate\"", "give a file that search-inputs wrote");
  Aggregation aggregation;
  aggregation.rule =
      choice_from(request["aggregate"], where + "/aggregate", "rule", rules().declarations());
  aggregation.f = static_cast<int>(integer_field(request, "f", 0, kMostInputVectors));
  Issues issues;
  Notes notes;
  if (request.contains("pre"))
    aggregation.pre = read_choices(pre_aggregators().declarations(), "pre-aggregator",
                                   request["pre"], where + "/pre", issues, notes);
  throw_if_any(issues);
  print_notes(notes);
  return aggregation;
}

Json value_json(double value) {
  if (std::isinf(value)) return "inf";
  return value;
}

void refuse_uncountable(const Aggregation& aggregation, std::size_t vectors,
                        const std::string& where) {
  const auto n = static_cast<std::int64_t>(vectors);
  if (n > kMostInputVectors || aggregation.f >= n ||
      honest_sets(n, aggregation.f) > kMostHonestSets)
    refuse_field(where, fmt::format("{} vectors, {} of them Byzantine: search-inputs takes at most "
                                    "{} vectors and {} honest sets",
                                    n, aggregation.f, kMostInputVectors, kMostHonestSets));
  if (const auto broken = broken_condition(aggregation, n, true)) refuse_field(where, *broken);
}

}  // namespace

Json replayed_ratios(const std::string& line, const std::string& where, const Executor& executor) {
  const Json request = parse_json(line, where);
  if (!request.is_object()) refuse_field(where, "must be a JSON object, not " + brief(request));
  Issues issues;
  refuse_unknown_keys(request, {"aggregate", "pre", "f", "seed", "precision", "vectors"}, where,
                      issues);
  throw_if_any(issues);
  const Aggregation aggregation = aggregation_in(request, where);
  const InputVectors inputs = floats_of(request, where);
  refuse_uncountable(aggregation, inputs.n(), where);
  const bool in_float = request.value("precision", Json("float32")) == "float32";
  const std::uint64_t seed = seed_field(request);
  const std::vector<double> output = in_float
                                         ? output_of<float>(aggregation, inputs, seed, executor)
                                         : output_of<double>(aggregation, inputs, seed, executor);
  const double rounding = in_float ? kRoundingShare<float> : kRoundingShare<double>;
  const auto ratio = [&](Coefficient coefficient) {
    return worst_honest_set(inputs, output, aggregation.f, coefficient, rounding);
  };
  const WorstHonestSet kappa = ratio(Coefficient::kappa), lambda = ratio(Coefficient::lambda);
  return {{"aggregation", name_of_aggregation(aggregation)},
          {"n", inputs.n()},
          {"f", aggregation.f},
          {"d", inputs.dimension},
          {"kappa", value_json(kappa.value)},
          {"lambda", value_json(lambda.value)},
          {"kappa_outside", kappa.outside},
          {"lambda_outside", lambda.outside}};
}

}  // namespace byzsim
