#include "tools/search/search_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "adversaries/known_strategies.h"
#include "core/exact/floating_point.h"
#include "sim/results/expectations.h"
#include "sim/results/provenance.h"
#include "sim/results/results.h"
#include "sim/scenario/scenario_inputs.h"
#include "sim/scenario/scenario_json.h"

namespace byzsim {
namespace {

// Of the harm found, to be met again when the scenario is changed a little.
constexpr double kExpectedShare = 0.9;

const Trial& worst_in(const SearchOutcome& outcome) {
  return outcome.trials[worst_of(outcome.trials)];
}

// "0.135", and of accuracies "15.4 %".
std::string value_text(const Objective& objective, double value) {
  return !objective.function && objective.measure.starts_with("accuracy")
             ? fmt::format("{:.1f} %", 100 * value)
             : fmt::format("{:.3g}", value);
}

std::string found(const Objective& objective, const Trial& worst, std::int64_t steps) {
  if (worst.diverged) return fmt::format("the run diverges within {} steps", steps);
  if (!worst.value) return fmt::format("{} is undefined", objective.name);
  const std::string value = value_text(objective, *worst.value);
  if (objective.at == RowAt::end)
    return fmt::format("{} {} after {} steps", objective.measure, value, steps);
  return fmt::format("{} {} {} within {} steps", to_string(objective.at), objective.measure, value,
                     steps);
}

std::string compared(const SearchRequest& request, const SearchOutcome& outcome) {
  const std::string what = reference_name(request.scenario);
  const std::optional<double> before = outcome.reference.value, now = worst_in(outcome).value;
  if (!before) return fmt::format("undefined with {}", what);
  // A ratio says something only of a size that grows with the harm.
  if (!now || outcome.objective.less_is_worse || *before <= 0)
    return fmt::format("{} with {}", value_text(outcome.objective, *before), what);
  return fmt::format("{:.3g} times {}", *now / *before, what);
}

bool can_be_expected(const std::string& measure) {
  const std::vector<std::string> metrics = expectation_metrics();
  return measure == "accuracy_lost" ||
         std::find(metrics.begin(), metrics.end(), measure) != metrics.end();
}

// Empty where expectations know nothing of the objective.
Json expectation_of(const Objective& objective, const std::optional<double>& value) {
  if (!value || objective.of_gathers || objective.function || !can_be_expected(objective.measure))
    return Json::array();
  const double harm = harm_of(objective, value);
  // Not a product: a harm may be negative (accuracies), and nine tenths of it would be more harm.
  const double expected = harm - (1 - kExpectedShare) * std::fabs(harm);
  Json expectation = {{"metric", objective.measure}, {"at", to_string(objective.at)}};
  if (objective.measure == "accuracy_lost") {
    expectation["metric"] = "accuracy";
    expectation["relation"] = "<=";
    expectation["value"] = objective.without_enemy.value() - expected;
  } else {
    expectation["relation"] = objective.less_is_worse ? "<=" : ">=";
    expectation["value"] = objective.less_is_worse ? -expected : expected;
  }
  // A tenth short of the worst may lie beyond what the metric can be.
  if (is_fraction(expectation["metric"].get<std::string>()))
    expectation["value"] = std::clamp(expectation["value"].get<double>(), 0.0, 1.0);
  return Json::array({expectation});
}

std::string cell(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : "";
}

// Every key that any candidate has, in the order of their first appearance.
std::vector<std::string> chosen_columns(const std::vector<Trial>& trials) {
  Json keys = Json::object();
  for (const Trial& trial : trials) keys.update(trial.candidate.chosen);
  std::vector<std::string> columns;
  for (const auto& [key, value] : keys.items()) columns.push_back(key);
  return columns;
}

}  // namespace

std::string reference_name(const Scenario& scenario) {
  return scenario.scheduler.name == "random" ? "the scenario as given" : "random scheduling";
}

std::string sentence_of(const SearchRequest& request, const SearchOutcome& outcome) {
  const Trial& worst = worst_in(outcome);
  return fmt::format("{}, {}; found after {} of {} evaluations",
                     found(outcome.objective, worst, worst.candidate.scenario.steps),
                     compared(request, outcome), worst_of(outcome.trials) + 1,
                     outcome.trials.size());
}

Json worst_scenario(const SearchRequest& request, const SearchOutcome& outcome) {
  const Trial& worst = worst_in(outcome);
  Json json = write_scenario(worst.candidate.scenario, scenario_tables());
  json["name"] = request.scenario.name + "-worst";
  json["summary"] = fmt::format("Found by the search {} in {}: {}", request.strategy.name,
                                request.scenario.name, sentence_of(request, outcome));
  json["expect"] = expectation_of(outcome.objective, worst.value);
  return json;
}

std::string cell_of(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_number_float()) return fmt::format("{}", value.get<double>());
  return value.is_string() ? value.get<std::string>() : value.dump();
}

CsvTable table_of(const SearchOutcome& outcome) {
  const std::vector<std::string> chosen = chosen_columns(outcome.trials);
  CsvTable table{{"evaluation"}, {}};
  table.columns.insert(table.columns.end(), chosen.begin(), chosen.end());
  table.columns.insert(table.columns.end(), {outcome.objective.name, "worst_so_far", "digest"});
  const Trial* worst = nullptr;
  for (const Trial& trial : outcome.trials) {
    // By harm, as the search judges: a run without a value is worse than any with one.
    if (worst == nullptr || trial.harm > worst->harm) worst = &trial;
    std::vector<std::string> row = {std::to_string(table.rows.size() + 1)};
    for (const std::string& key : chosen)
      row.push_back(cell_of(trial.candidate.chosen.value(key, Json())));
    row.insert(row.end(), {cell(trial.value), cell(worst->value), trial.digest});
    table.rows.push_back(std::move(row));
  }
  return table;
}

Json search_json(const SearchRequest& request, const SearchOutcome& outcome, int threads) {
  const Trial& worst = worst_in(outcome);
  const auto value = [](const std::optional<double>& held) {
    return held ? Json(*held) : Json(nullptr);
  };
  const Json found = {{"evaluation", worst_of(outcome.trials) + 1},
                      {"value", value(worst.value)},
                      {"diverged", worst.diverged},
                      {"digest", worst.digest},
                      {"chosen", worst.candidate.chosen}};
  Json json = {{"name", request.scenario.name},
               {"id", id_of(request)},
               {"profile", kNumericProfile},
               {"version", provenance().version},
               {"seed", seed_json(request.scenario.seed)},
               {"sentence", sentence_of(request, outcome)},
               {"evaluated", outcome.trials.size()},
               {"worst", found},
               {"random_scheduling",
                {{"value", value(outcome.reference.value)}, {"digest", outcome.reference.digest}}}};
  if (outcome.objective.without_enemy)
    json["accuracy_without_enemy"] = *outcome.objective.without_enemy;
  // Everything that was asked for, so that the file alone repeats the search.
  json.update(to_json(request));
  json["inputs"] = write_inputs(request.scenario.inputs);
  json["provenance"] = provenance_json();
  json["provenance"]["libraries"]["NLopt"] = optimizer_library_version();
  json["machine"] = machine_json({outcome.wall_seconds, threads});
  return json;
}

}  // namespace byzsim
