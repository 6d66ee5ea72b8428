#include "adversaries/search/objective.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/input/issue.h"
#include "sim/results/results.h"

namespace byzsim {
namespace {

const std::string kGathers = "gathers.";
const std::string kDescentCosine = "descent_cosine";

std::optional<double> column(const std::string& name, RowAt at,
                             const std::vector<MetricsRow>& rows) {
  // Measured as an expectation is, so that both mean the same number by a name.
  return verify({{name, at, Relation::at_least, 0}}, rows, {}).front().measured;
}

// Of the last row or of all rows that have one.
std::optional<double> descent_cosine(RowAt at, const std::vector<MetricsRow>& rows) {
  if (at == RowAt::end) return rows.empty() ? std::nullopt : rows.back().descent_cosine;
  std::optional<double> found;
  for (const MetricsRow& row : rows)
    if (const auto cosine = row.descent_cosine)
      found = at == RowAt::largest ? std::max(found.value_or(*cosine), *cosine)
                                   : std::min(found.value_or(*cosine), *cosine);
  return found;
}

}  // namespace

bool is_worse_when_less(const std::string& measure) {
  const std::vector<std::string> all = {"accuracy", "accuracy_worst", "accuracy_of_mean",
                                        "accepted_share", kDescentCosine};
  return std::find(all.begin(), all.end(), measure) != all.end();
}

std::vector<std::string> objective_names() {
  std::vector<std::string> names = metric_names();
  for (const std::string& name : gather_metric_names()) names.push_back(kGathers + name);
  names.insert(names.end(), {kDescentCosine, "accuracy_lost", "broken_invariants"});
  return names;
}

Objective read_objective(const std::string& name) {
  const std::size_t colon = std::min(name.find(':'), name.size());
  const std::string measure = name.substr(0, colon);
  const std::vector<std::string> names = objective_names();
  if (std::find(names.begin(), names.end(), measure) == names.end())
    throw InputError({"", "unknown objective '" + measure + "'", choose_from(measure, names)});
  const auto at = row_named(colon < name.size() ? name.substr(colon + 1) : "");
  const bool has_rows = measure != "broken_invariants" && measure != "accuracy_lost";
  if (!at || (!has_rows && colon < name.size()))
    throw InputError({"", "unknown suffix '" + name.substr(colon) + "' of the objective " + measure,
                      has_rows ? "write " + measure + ", " + measure + ":max or " + measure + ":min"
                               : "write " + measure});
  Objective objective{name, measure, *at};
  objective.of_gathers = measure.starts_with(kGathers);
  if (objective.of_gathers) objective.measure = measure.substr(kGathers.size());
  objective.less_is_worse = is_worse_when_less(measure);
  return objective;
}

bool has_diverged(const Simulation& simulation) { return totals_of_run(simulation).diverged; }

std::optional<double> measure(const Objective& objective, const Simulation& simulation,
                              const ServerModels& models) {
  // Before divergence counts: a run that has diverged still has broken a number of invariants.
  if (!objective.function && objective.measure == "broken_invariants")
    return totals_of_run(simulation).broken_invariants;
  if (has_diverged(simulation)) return std::nullopt;
  if (objective.function) {
    const double damage = objective.function(simulation, models);
    return std::isinf(damage) ? std::nullopt : std::optional(damage);
  }
  if (objective.measure == kDescentCosine)
    return descent_cosine(objective.at, simulation.metrics());
  if (objective.measure != "accuracy_lost")
    return column(objective.measure, objective.at,
                  objective.of_gathers ? simulation.gathers() : simulation.metrics());
  const auto accuracy = column("accuracy", RowAt::end, simulation.metrics());
  if (!accuracy || !objective.without_enemy) return std::nullopt;
  return *objective.without_enemy - *accuracy;
}

double harm_of(const Objective& objective, const std::optional<double>& value) {
  if (!value) return std::numeric_limits<double>::infinity();
  return objective.less_is_worse ? -*value : *value;
}

}  // namespace byzsim
