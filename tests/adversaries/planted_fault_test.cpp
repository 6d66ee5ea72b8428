// A fault planted in a quorum, which bites only where a server lags two steps behind a worker: a
// search finds it knowing nothing but the invariants, and what it finds shrinks.
#include <functional>

#include "adversaries/search/search.h"
#include "core/input/issue.h"
#include "sim/results/results.h"
#include "tests/adversaries/hasty_server.h"
#include "tests/adversaries/search_tasks.h"
#include "tests/catch.h"
#include "tools/shrink/shrinking.h"

namespace byzsim::planted_fault_test {
namespace {

/// A message of a hundred is slow: a server lags behind when three of its seven are, in one step.
Json peaceful() {
  Json json = with(small_byzsgd(), "/steps", 100);
  json["metrics"]["every"] = 100;
  json["network"]["delay"] = {{"name", "bimodal"}, {"parameters", {{"slow_probability", 0.01}}}};
  return json;
}

double broken_invariants(const Scenario& scenario, bool planted) {
  const Executor executor(1);
  const auto workload = std::make_shared<const Workload>(scenario, executor, source_directory());
  Simulation simulation(workload, make_adversary(scenario),
                        planted ? hasty_byzsgd() : protocols().at("byzsgd"));
  run_to_end(simulation);
  return totals_of_run(simulation).broken_invariants;
}

/// Whether the scenario can run, and breaks an invariant with the fault planted.
bool is_finding(const Scenario& scenario) {
  try {
    return broken_invariants(scenario, true) > 0;
  } catch (const InputError&) {
    return false;
  }
}

/// What the strategy tries of the network, with the fault planted.
std::vector<Trial> search_for_fault(const std::string& strategy, std::int64_t evaluations) {
  const Scenario scenario = read(peaceful());
  const std::vector<SearchVariable> variables = numbers_below(scenario, "/network/delay");
  const SearchStrategy& entry = searches().at(strategy);
  const Parameters parameters = defaults(entry.declaration.parameters);
  const Objective objective = read_objective("broken_invariants");
  const Executor executor(1);
  const auto evaluate = [](std::vector<Candidate> candidates) {
    std::vector<Trial> trials;
    for (Candidate& each : candidates) {
      const double broken = broken_invariants(each.scenario, true);
      trials.push_back({std::move(each), broken, broken, ""});
    }
    return trials;
  };
  return entry.search(
      {scenario, variables, objective, parameters, evaluations, executor, evaluate, nullptr});
}

}  // namespace

TEST_CASE("the planted fault breaks nothing where nobody lags, nor anything where it is not",
          "[search]") {
  Json calm = peaceful();
  calm["network"]["delay"]["parameters"]["slow_probability"] = 0;
  CHECK(broken_invariants(read(calm), true) == 0);
  Json slow = peaceful();
  slow["network"]["delay"]["parameters"] = {{"slow", "100 ms"}, {"slow_probability", 0.1}};
  CHECK(broken_invariants(read(slow), true) > 0);
  CHECK(broken_invariants(read(slow), false) == 0);
}

TEST_CASE("a search finds the planted fault from the invariants alone, and it shrinks",
          "[search]") {
  const std::vector<Trial> trials = search_for_fault("random", 30);
  REQUIRE(trials.size() == 30);
  const Trial& worst = trials[worst_of(trials)];
  REQUIRE(worst.harm > 0);
  CHECK(broken_invariants(worst.candidate.scenario, false) == 0);

  Shrinking shrinking(worst.candidate.scenario, 500);
  while (true) {
    const std::vector<Attempt> attempts = shrinking.attempts(1);
    if (attempts.empty()) break;
    shrinking.learn(attempts, {AttemptResult{is_finding(attempts.front().scenario)}});
  }
  const Scenario& least = shrinking.scenario();
  CHECK(broken_invariants(least, true) > 0);
  CHECK(broken_invariants(least, false) == 0);
  CHECK(least.steps <= 25);
  CHECK(least.servers.count + least.workers.count <= 7);  // of 12
}

}  // namespace byzsim::planted_fault_test
