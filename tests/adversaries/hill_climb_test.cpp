// Climbing over the adversary's decisions, on runs of a few milliseconds.
#include <algorithm>
#include <iterator>
#include <set>

#include "sim/world/node_set.h"
#include "tests/adversaries/search_tasks.h"
#include "tests/catch.h"

namespace byzsim::hill_climb_test {
namespace {

Json climbed_scenario() {
  return with(small_attacked_byzsgd(), "/adversary/scheduler", "byzantine_first");
}

std::vector<Trial> climb(std::int64_t evaluations, const ParameterChanges& changes = {}) {
  return search_on(climbed_scenario(), "hill_climb", evaluations, {}, changes,
                   [](const Candidate& candidate) { return run_trial(candidate, "drift"); });
}

/// The entries of a script, each as text.
std::multiset<std::string> entries_of(const Scenario& scenario) {
  const Json written = write(scenario);
  std::multiset<std::string> entries;
  if (!written["adversary"].contains("script")) return entries;
  for (const char* kind : {"deliveries", "words"})
    for (const Json& entry : written["adversary"]["script"][kind]) entries.insert(entry.dump());
  return entries;
}

std::size_t new_in(const std::multiset<std::string>& child,
                   const std::multiset<std::string>& parent) {
  std::vector<std::string> fresh;
  std::set_difference(child.begin(), child.end(), parent.begin(), parent.end(),
                      std::back_inserter(fresh));
  return fresh.size();
}

std::size_t count_of(const std::vector<Trial>& trials, std::size_t (*of)(const Script& script)) {
  std::size_t count = 0;
  for (const Trial& trial : trials) count += of(trial.candidate.scenario.script);
  return count;
}

std::size_t deliveries_in(const Script& script) { return script.deliveries.size(); }
std::size_t words_in(const Script& script) { return script.forgeries.size(); }

}  // namespace

TEST_CASE("hill climbing begins with the scenario as it is and ends worse", "[search]") {
  const auto trials = climb(60);
  REQUIRE(trials.size() == 60);
  CHECK(trials[0].digest == digest_of_run(climbed_scenario()).run_hex());
  CHECK(trials[worst_of(trials)].harm > trials[0].harm);
}

TEST_CASE("every child differs from the worst before its generation by as much as it may",
          "[search]") {
  for (const std::int64_t changes : {1, 3}) {
    const auto trials = climb(41, {{"lambda", std::int64_t{8}}, {"changes", changes}});
    for (std::size_t first = 1; first < trials.size(); first += 8) {
      const std::vector<Trial> before(trials.begin(), trials.begin() + std::ptrdiff_t(first));
      const auto parent = entries_of(before[worst_of(before)].candidate.scenario);
      for (std::size_t i = first; i < std::min(first + 8, trials.size()); ++i) {
        const std::size_t fresh = new_in(entries_of(trials[i].candidate.scenario), parent);
        CHECK(fresh <= std::size_t(changes));
        CHECK(fresh + 1 >= std::size_t(changes));  // two may meet on one message
      }
    }
  }
}

TEST_CASE("hill climbing changes only what it may", "[search]") {
  const auto delivered = climb(20, {{"what", std::string("deliveries")}});
  CHECK(count_of(delivered, words_in) == 0);
  CHECK(count_of(delivered, deliveries_in) >= 19);
  const auto said = climb(20, {{"what", std::string("words")}});
  CHECK(count_of(said, deliveries_in) == 0);
  CHECK(count_of(said, words_in) >= 19);
  const auto both = climb(20);
  CHECK(count_of(both, deliveries_in) > 0);
  CHECK(count_of(both, words_in) > 0);
}

TEST_CASE("only Byzantine nodes are made to lie, and only honest ones hear it", "[search]") {
  for (const Trial& trial : climb(40, {{"what", std::string("words")}}))
    for (const Forgery& word : trial.candidate.scenario.script.forgeries) {
      CHECK(trial.candidate.scenario.is_byzantine(word.sender));
      CHECK_FALSE(trial.candidate.scenario.is_byzantine(*parse_node(word.receivers)));
    }
}

TEST_CASE("hill climbing says for each evaluation what it changed", "[search]") {
  const auto trials = climb(20, {{"what", std::string("deliveries")}});
  CHECK(trials[0].candidate.chosen["change"] == "none");
  const std::string change = trials[1].candidate.chosen["change"];
  const ScriptedDelivery& only = trials[1].candidate.scenario.script.deliveries.at(0);
  CHECK(change.find("from " + to_string(only.sender) + " to " + to_string(only.receiver) +
                    " takes ") != std::string::npos);
}

}  // namespace byzsim::hill_climb_test
