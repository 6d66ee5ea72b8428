// The search look_ahead, on runs of milliseconds.
#include <algorithm>
#include <set>

#include "adversaries/search/candidate_moves.h"
#include "adversaries/search/search.h"
#include "core/input/issue.h"
#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::look_ahead_test {
namespace {

std::shared_ptr<const Workload> workload_of(const Scenario& scenario, const Executor& executor) {
  return std::make_shared<const Workload>(scenario, executor, source_directory());
}

/// All trials of look_ahead; several are made at a time on several threads.
std::vector<Trial> look_ahead(const Json& json, std::int64_t evaluations, const Json& asked = {},
                              int threads = 1) {
  const Scenario scenario = read(json);
  const SearchStrategy& entry = searches().at("look_ahead");
  Parameters parameters = defaults(entry.declaration.parameters);
  for (const auto& [name, value] : asked.items())
    parameters.set(name, value.is_string() ? Value(value.get<std::string>())
                                           : Value(value.get<std::int64_t>()));
  const Objective objective = read_objective("drift");
  const Executor executor(threads);
  const auto try_each = [&](std::size_t count, const std::function<Trial(std::size_t)>& make) {
    std::vector<Trial> trials(count);
    executor.for_each(count, [&](std::size_t i) { trials[i] = make(i); });
    return trials;
  };
  const auto evaluate = [&](std::vector<Candidate> candidates) {
    return try_each(candidates.size(), [&](std::size_t i) {
      World world(write(candidates[i].scenario));
      run_to_end(world.simulation);
      const auto value = measure(objective, world.simulation);
      return Trial{candidates[i], value, harm_of(objective, value),
                   world.simulation.digest().run_hex()};
    });
  };
  return entry.search({scenario,
                       {},
                       objective,
                       parameters,
                       evaluations,
                       executor,
                       evaluate,
                       workload_of,
                       try_each});
}

/// The statement of two halves in a gather, one step a gather, without a scheduler's help.
Json two_halves(const Json& start, std::int64_t gathers) {
  return {{"seed", 3},
          {"steps", gathers},
          {"protocol", {{"name", "byzsgd"}, {"parameters", {{"gather_period", 1}}}}},
          {"servers",
           {{"count", 5},
            {"byzantine", {{"declared", 1}, {"actual", 1}}},
            {"start", start},
            {"aggregator", "median"}}},
          {"workers", {{"count", 4}, {"aggregator", "average"}, {"batch_size", 1}}},
          {"model", "quadratic"},
          {"data",
           {{"name", "blobs"},
            {"parameters",
             {{"dimension", 1},
              {"classes", 2},
              {"train", 4},
              {"test", 4},
              {"spread", 0},
              {"separation", 0}}}}},
          {"optimizer", {{"rate", {{"name", "constant"}, {"parameters", {{"initial", 1e-30}}}}}}},
          {"metrics", {{"every", 1}}}};
}

Json gathering_every_step(std::int64_t steps) {
  return with(with(small_attacked_byzsgd(), "/protocol/parameters/gather_period", 1), "/steps",
              steps);
}

double drift_of(const Json& json) {
  World world(json);
  run_to_end(world.simulation);
  return *world.simulation.metrics().back().drift;
}

const Trial& worst(const std::vector<Trial>& trials) { return trials[worst_of(trials)]; }

}  // namespace

TEST_CASE("looking ahead finds how two halves are held apart", "[search]") {
  for (const Json& start : {Json{0, 0, 1, 1}, Json{0, 1, 0, 1}, Json{0, 1, 1, 0}}) {
    CAPTURE(start.dump());
    CHECK(drift_of(two_halves(start, 3)) < 1);
    const auto trials = look_ahead(two_halves(start, 3), 200, {{"every", 1}});
    CHECK(worst(trials).value == std::optional(1.0));
  }
}

TEST_CASE("what looking ahead finds is a scenario that runs to the same digest", "[search]") {
  for (const Trial& trial : look_ahead(gathering_every_step(6), 300, {{"every", 2}})) {
    if (trial.digest.empty()) continue;
    const Json json = write(trial.candidate.scenario);
    CHECK(digest_of_run(json, 1).run_hex() == trial.digest);
    CHECK(digest_of_run(json, 2).run_hex() == trial.digest);
  }
}

TEST_CASE("looking ahead never ends better for the defenders than one move throughout",
          "[search]") {
  const Json json = gathering_every_step(6);
  const auto trials = look_ahead(json, 300, {{"every", 2}});
  const auto moves = candidate_moves(read(json), {true, true, 3}, Stream(7, Purpose::search, 0, 0));
  double constant = 0;
  for (const Move& move : moves) {
    Scenario scenario = read(json);
    scenario.script.moves = {move};
    constant = std::max(constant, drift_of(write(scenario)));
  }
  CHECK(worst(trials).harm >= constant);
  CHECK(worst(trials).harm >= drift_of(json));
}

TEST_CASE("looking ahead drives servers apart that gather every step", "[search]") {
  const Json json = gathering_every_step(20);
  const double by_chance = drift_of(with(json, "/adversary",
                                         {{"workers", "a_little_is_enough"},
                                          {"servers", "equivocation"},
                                          {"scheduler", "byzantine_first"}}));
  const double by_hand = drift_of(
      with(json, "/adversary",
           {{"workers", "a_little_is_enough"}, {"servers", "split"}, {"scheduler", "keep_apart"}}));
  const double found = worst(look_ahead(json, 300)).harm;
  CHECK(found >= 5 * by_chance);
  CHECK(found >= by_hand);
}

TEST_CASE("looking ahead comes to the same on any number of threads", "[search]") {
  const auto one = look_ahead(gathering_every_step(6), 200, {{"beam", 2}}, 1);
  const auto two = look_ahead(gathering_every_step(6), 200, {{"beam", 2}}, 2);
  REQUIRE(one.size() == two.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    CHECK(one[i].value == two[i].value);
    CHECK(one[i].digest == two[i].digest);
    CHECK(one[i].candidate.chosen == two[i].candidate.chosen);
  }
}

TEST_CASE("looking ahead keeps to its evaluations, and ends with a run", "[search]") {
  for (const std::int64_t evaluations : {60, 61, 150, 400}) {
    const auto trials = look_ahead(gathering_every_step(6), evaluations, {{"every", 1}});
    CHECK(trials.size() <= static_cast<std::size_t>(evaluations));
    CHECK_FALSE(trials.back().digest.empty());
  }
}

TEST_CASE("looking ahead makes the moves itself, and needs a run for each", "[search]") {
  const Json moves = {{{"step", 1}, {"scheduler", "burst"}}};
  CHECK_THROWS_AS(look_ahead(with(small_attacked_byzsgd(), "/adversary/script/moves", moves), 300),
                  InputError);
  CHECK_THROWS_AS(look_ahead(small_attacked_byzsgd(), 5), InputError);
}

TEST_CASE("candidates are the scenario's own move first, then all others once", "[search]") {
  const Scenario scenario = read(small_attacked_byzsgd());
  const auto moves = candidate_moves(scenario, {true, true, 3}, Stream(7, Purpose::search, 0, 0));
  CHECK(moves[0].servers == scenario.server_attack);
  CHECK(moves[0].workers == scenario.worker_attack);
  CHECK(moves[0].scheduler == scenario.scheduler);
  CHECK(moves[0].first_halves.servers == std::vector<std::int64_t>{0, 1});
  std::set<std::string> different;
  std::set<std::vector<std::int64_t>> halves;
  for (const Move& move : moves) {
    different.insert(json_of_move(move).dump());
    halves.insert(*move.first_halves.servers);
  }
  CHECK(different.size() == moves.size());
  CHECK(halves == std::set<std::vector<std::int64_t>>{{0, 1}, {0, 2}, {0, 3}});
}

TEST_CASE("candidates change no word of nodes that are correct", "[search]") {
  for (const Move& move :
       candidate_moves(read(small_byzsgd()), {true, true, 3}, Stream(7, Purpose::search, 0, 0))) {
    CHECK(move.servers->name == "reversed");
    CHECK(move.workers->name == "reversed");
  }
}

}  // namespace byzsim::look_ahead_test
