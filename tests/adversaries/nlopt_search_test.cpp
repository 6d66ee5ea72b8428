// The optimisers of NLopt as searches, on candidates that are not run.
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <thread>

#include "core/input/table.h"
#include "tests/adversaries/search_tasks.h"
#include "tests/catch.h"

namespace byzsim::nlopt_search_test {
namespace {

const std::vector<std::string>& algorithms() {
  return searches().at("nlopt").declaration.parameters.at(0).words;
}

// One peak, at z = 2.7 and a factor of 40.
double hill(const Json& chosen) {
  const double z = chosen[kZ].get<double>() - 2.7;
  const double factor = (chosen[kFactor].get<double>() - 40) / 10;
  return 5 - z * z - factor * factor;
}

std::vector<Trial> optimised(const std::string& algorithm, std::int64_t evaluations,
                             const std::function<double(const Json&)>& harm) {
  return search_by("nlopt", evaluations, {variable(kZ, 0, 4), variable(kFactor, 0, 100)}, harm,
                   {{"algorithm", algorithm}});
}

std::vector<Json> chosen_by(const std::vector<Trial>& trials) {
  std::vector<Json> chosen;
  for (const Trial& trial : trials) chosen.push_back(trial.candidate.chosen);
  return chosen;
}

}  // namespace

TEST_CASE("every algorithm of NLopt climbs a hill", "[search]") {
  for (const std::string& algorithm : algorithms()) {
    CAPTURE(algorithm);
    const auto trials = optimised(algorithm, 400, hill);
    CHECK(trials[worst_of(trials)].harm > 4.95);  // 5 at the top
  }
}

TEST_CASE("every algorithm of NLopt evaluates as often as it may at most", "[search]") {
  for (const std::string& algorithm : algorithms())
    for (const std::int64_t most : {1, 2, 7, 60}) {
      CAPTURE(algorithm, most);
      CHECK(std::ssize(optimised(algorithm, most, hill)) <= most);
      CHECK(std::ssize(optimised(algorithm, most, hill)) >= 1);
    }
}

TEST_CASE("a local algorithm that has converged begins anew", "[search]") {
  for (const char* algorithm : {"bobyqa", "nelder_mead", "direct_l_nelder_mead"})
    CHECK(optimised(algorithm, 400, hill).size() == 400);
}

TEST_CASE("a local algorithm begins at the scenario's own values", "[search]") {
  for (const char* algorithm : {"bobyqa", "nelder_mead"}) {
    const Json first = optimised(algorithm, 1, hill).at(0).candidate.chosen;
    CHECK(first[kZ] == 1.5);  // the defaults
    CHECK(first[kFactor] == 100.0);
  }
}

TEST_CASE("direct_l_nelder_mead is DIRECT-L for a third, then goes on about the worst",
          "[search]") {
  const auto global = chosen_by(optimised("direct_l", 20, hill));
  const auto trials = optimised("direct_l_nelder_mead", 60, hill);
  const auto both = chosen_by(trials);
  CHECK(std::equal(global.begin(), global.end(), both.begin()));
  const std::vector<Trial> third(trials.begin(), trials.begin() + 20);
  const Json worst = third[worst_of(third)].candidate.chosen;
  // The first step is a tenth of the ranges 0..4 and 0..100.
  CHECK(std::fabs(both[20][kZ].get<double>() - worst[kZ].get<double>()) <= 0.4 + 1e-6);
  CHECK(std::fabs(both[20][kFactor].get<double>() - worst[kFactor].get<double>()) <= 10 + 1e-6);
  CHECK(both[20] != worst);
}

TEST_CASE("no algorithm of NLopt has a candidate evaluated twice", "[search]") {
  for (const std::string& algorithm : algorithms()) {
    CAPTURE(algorithm);
    std::vector<Json> chosen = chosen_by(optimised(algorithm, 200, hill));
    std::sort(chosen.begin(), chosen.end());
    CHECK(std::adjacent_find(chosen.begin(), chosen.end()) == chosen.end());
  }
}

TEST_CASE("a search of NLopt is the same whatever ran before and on whichever thread", "[search]") {
  for (const std::string& algorithm : algorithms()) {
    CAPTURE(algorithm);
    const auto first = chosen_by(optimised(algorithm, 60, hill));
    optimised("isres", 33, hill);  // draws from NLopt's generator
    CHECK(chosen_by(optimised(algorithm, 60, hill)) == first);
    std::vector<Json> elsewhere;
    std::thread([&] { elsewhere = chosen_by(optimised(algorithm, 60, hill)); }).join();
    CHECK(elsewhere == first);
  }
}

TEST_CASE("a search of NLopt ends where nothing can be worse", "[search]") {
  const auto diverging = [](const Json& chosen) {
    return chosen[kZ].get<double>() > 1 ? std::numeric_limits<double>::infinity() : 0.0;
  };
  for (const std::string& algorithm : algorithms()) {
    CAPTURE(algorithm);
    const auto trials = optimised(algorithm, 60, diverging);
    CHECK(worst_of(trials) == trials.size() - 1);
    CHECK(std::isinf(trials.back().harm));
  }
}

TEST_CASE("what an evaluation throws comes out of NLopt as it was", "[search]") {
  const auto failing = [](const Json&) -> double { throw std::domain_error("as it was"); };
  for (const std::string& algorithm : algorithms())
    CHECK_THROWS_AS(optimised(algorithm, 10, failing), std::domain_error);
}

TEST_CASE("NLopt finds a z as harmful as the best of 41 with fewer evaluations", "[search]") {
  // A vector a little off is taken, one too far off is not: the harm has a peak in z, which Krum
  // and MDA cut off. Without momentum. The curves are rugged: it does not hold for every seed.
  for (const char* rule : {"mda", "median", "krum"}) {
    CAPTURE(rule);
    Json json = with(small_attacked_byzsgd(), "/workers/aggregator", rule);
    json["workers"]["count"] = 9;
    json["seed"] = 2;
    const auto worst = [&](const char* strategy, std::int64_t evaluations) {
      const auto trials =
          search_on(json, strategy, evaluations, {variable(kZ, 0, 4)}, {},
                    [](const Candidate& candidate) { return run_trial(candidate, "loss"); });
      CHECK(std::ssize(trials) <= evaluations);
      return trials[worst_of(trials)].harm;
    };
    CHECK(worst("nlopt", 30) >= worst("grid", 41));
  }
}

}  // namespace byzsim::nlopt_search_test
