// Searches whose candidates are not run: a formula of what was chosen says how much harm they do.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "adversaries/search.h"
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

/// All trials of a strategy on the small attacked scenario.
inline std::vector<Trial> search_by(const std::string& strategy, std::int64_t evaluations,
                                    const std::vector<SearchVariable>& variables,
                                    const std::function<double(const Json& chosen)>& harm,
                                    std::vector<std::pair<std::string, Value>> changes = {},
                                    std::uint64_t seed = 7) {
  const Scenario scenario = read(with(small_attacked_byzsgd(), "/seed", seed));
  const SearchStrategy& entry = searches().at(strategy);
  Parameters parameters = defaults(entry.declaration.parameters);
  for (auto& [name, value] : changes) parameters.set(name, value);
  const Objective objective = read_objective("drift");
  const Executor executor(1);
  const auto evaluate = [&](std::vector<Candidate> candidates) {
    std::vector<Trial> trials;
    for (Candidate& each : candidates) {
      const double value = harm(each.chosen);
      trials.push_back({std::move(each), value, value, ""});
    }
    return trials;
  };
  return entry.search(
      {scenario, variables, objective, parameters, evaluations, executor, evaluate, nullptr});
}

/// What the trials chose at a pointer, in order.
inline std::vector<double> chosen_at(const std::string& pointer, const std::vector<Trial>& trials) {
  std::vector<double> values;
  for (const Trial& trial : trials) values.push_back(trial.candidate.chosen[pointer].get<double>());
  return values;
}

inline double no_harm(const Json&) { return 0; }

}  // namespace byzsim
