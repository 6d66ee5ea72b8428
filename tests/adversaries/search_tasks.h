// Searches whose candidates are small runs, or are not run: a formula of what was chosen says how
// much harm they do.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "adversaries/search/search.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim {

const std::string kZ = "/adversary/workers/parameters/z";
const std::string kFactor = "/adversary/servers/parameters/factor";

/// The number of the small attacked scenario at a pointer, within a range.
inline SearchVariable variable(const std::string& pointer, double low, double high) {
  SearchVariable found = numbers_below(read(small_attacked_byzsgd()), pointer).at(0);
  found.low = low;
  found.high = high;
  return found;
}

using ParameterChanges = std::vector<std::pair<std::string, Value>>;

/// All trials of a strategy on a scenario, whose candidates are evaluated one after the other.
inline std::vector<Trial> search_on(const Json& json, const std::string& strategy,
                                    std::int64_t evaluations,
                                    const std::vector<SearchVariable>& variables,
                                    const ParameterChanges& changes,
                                    const std::function<Trial(const Candidate&)>& evaluate) {
  const Scenario scenario = read(json);
  const SearchStrategy& entry = searches().at(strategy);
  Parameters parameters = defaults(entry.declaration.parameters);
  for (const auto& [name, value] : changes) parameters.set(name, value);
  const Objective objective = read_objective("drift");
  const Executor executor(1);
  const auto evaluate_all = [&](const std::vector<Candidate>& candidates) {
    std::vector<Trial> trials;
    for (const Candidate& each : candidates) trials.push_back(evaluate(each));
    return trials;
  };
  const auto make_workload = [](const Scenario& of, const Executor& on) {
    return std::make_shared<const Workload>(of, on, source_directory());
  };
  return entry.search({scenario, variables, objective, parameters, evaluations, executor,
                       evaluate_all, make_workload});
}

/// Those on the small attacked scenario by a formula.
inline std::vector<Trial> search_by(const std::string& strategy, std::int64_t evaluations,
                                    const std::vector<SearchVariable>& variables,
                                    const std::function<double(const Json& chosen)>& harm,
                                    const ParameterChanges& changes = {}, std::uint64_t seed = 7) {
  return search_on(with(small_attacked_byzsgd(), "/seed", seed), strategy, evaluations, variables,
                   changes, [&](const Candidate& candidate) {
                     const double value = harm(candidate.chosen);
                     return Trial{candidate, value, value, ""};
                   });
}

/// A candidate that is run.
inline Trial run_trial(const Candidate& candidate, const std::string& objective) {
  World world(write(candidate.scenario));
  run_to_end(world.simulation);
  const Objective measured = read_objective(objective);
  const auto value = measure(measured, world.simulation);
  return {candidate, value, harm_of(measured, value), world.simulation.digest().run_hex()};
}

/// What the trials chose at a pointer, in order.
inline std::vector<double> chosen_at(const std::string& pointer, const std::vector<Trial>& trials) {
  std::vector<double> values;
  for (const Trial& trial : trials) values.push_back(trial.candidate.chosen[pointer].get<double>());
  return values;
}

inline double no_harm(const Json&) { return 0; }

}  // namespace byzsim
