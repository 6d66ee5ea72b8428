// Everything that quorums and lies can do to servers on a line, beside what theory says of it.
#include "adversaries/search/search.h"
#include "core/input/issue.h"
#include "sim/gather/contraction.h"
#include "sim/gather/held_diameter.h"
#include "tests/adversaries/search_tasks.h"
#include "tests/catch.h"

namespace byzsim::exhaustive_test {
namespace {

/// Four honest servers at these places and a liar, which gather so many times; gradients move a
/// model by less than its last bit, and everything takes 1 ms.
Json at_places(const std::vector<double>& places, int gathers) {
  Json json = steady(parse_json(R"({
    "protocol": {"name": "byzsgd", "parameters": {"gather_period": 1}},
    "servers": {"count": 5, "byzantine": {"declared": 1, "actual": 1}, "aggregator": "median"},
    "workers": {"count": 4, "aggregator": "average", "batch_size": 1},
    "model": "quadratic",
    "data": {"name": "blobs", "parameters": {"dimension": 1, "classes": 2, "train": 4, "test": 4,
                                             "spread": 0, "separation": 0}},
    "optimizer": {"rate": {"name": "constant", "parameters": {"initial": 1e-60}}},
    "adversary": {"servers": "equivocation"}, "metrics": {"every": 1}})",
                                "at_places"));
  json["steps"] = gathers;
  json["servers"]["start"] = places;
  return json;
}

/// The same without servers: four honest nodes and a Byzantine one, the last vertex, that gossip.
Json on_graph(const std::string& topology, const Json& rule, int rounds) {
  Json json = at_places({1, 2, 3, 4}, rounds);
  json.erase("servers");
  json.erase("workers");
  json["protocol"] = "gossip";
  json["topology"] = topology;
  json["nodes"] = {{"count", 5},
                   {"byzantine", 1},
                   {"aggregator", rule},
                   {"batch_size", 1},
                   {"start", {1, 2, 3, 4}}};
  json["adversary"] = {{"nodes", "sign_flipping"}};
  return json;
}

double drift_of(const Json& json) {
  World world(json);
  run_to_end(world.simulation);
  return measure(read_objective("drift"), world.simulation).value();
}

using Interrupted = std::function<bool()>;

std::vector<Trial> trials_of(const Json& json, std::int64_t evaluations, int threads,
                             const std::string& objective_name, const Interrupted& interrupted,
                             const std::vector<double>& lies = {}) {
  const Scenario scenario = read(json);
  const SearchStrategy& entry = searches().at("exhaustive");
  Parameters parameters = defaults(entry.declaration.parameters);
  if (!lies.empty()) parameters.set("lies", lies);
  const Objective objective = read_objective(objective_name);
  const Executor executor(threads);
  const auto evaluate = [](std::vector<Candidate> candidates) {
    std::vector<Trial> trials;
    for (Candidate& each : candidates) {
      const double drift = drift_of(write(each.scenario));
      trials.push_back({std::move(each), drift, drift, ""});
    }
    return trials;
  };
  const auto make_workload = [](const Scenario& of, const Executor& with) {
    return std::make_shared<const Workload>(of, with, source_directory());
  };
  const std::vector<SearchVariable> variables;
  SearchTask task{scenario,    variables, objective, parameters,
                  evaluations, executor,  evaluate,  make_workload};
  task.interrupted = interrupted;
  return entry.search(task);
}

Trial explored(const Json& json, std::int64_t evaluations, int threads = 2,
               const std::string& objective_name = "drift") {
  return trials_of(json, evaluations, threads, objective_name, [] { return false; }).at(0);
}

/// True from the question of that number on.
Interrupted interrupted_at(int question) {
  return [left = question]() mutable { return --left <= 0; };
}

std::string refusal(const Json& json, std::int64_t evaluations,
                    const std::string& objective = "drift") {
  try {
    explored(json, evaluations, 1, objective);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

/// The gather in the units of sim/gather/contraction.h, where a place is an even number.
Gather gather_at(const std::vector<std::int64_t>& places) {
  Gather gather{{}, 1, 4, QuorumLaw::uniform, Middle::mean};
  for (const std::int64_t place : places) gather.positions.push_back(2 * place);
  return gather;
}

}  // namespace

TEST_CASE("of servers at 1, 2, 3, 4 one gather leaves a diameter of 2 at worst", "[search]") {
  const Trial worst = explored(at_places({1, 2, 3, 4}, 1), 1000);
  CHECK(worst.value == 2);
  CHECK(worst_reach(gather_at({1, 2, 3, 4})).diameter == 2 * 2);
  CHECK(worst.candidate.chosen["complete"] == true);
}

TEST_CASE("of servers at 0, 0, 1, 1 three gathers can leave the diameter at 1", "[search]") {
  const Trial worst = explored(at_places({0, 0, 1, 1}, 3), 100'000);
  CHECK(worst.value == 1);
  CHECK(held_for_ever(gather_at({0, 0, 1, 1}), Scheduling::adversarial));
  const Json& chosen = worst.candidate.chosen;
  CHECK(chosen["complete"] == true);
  // Each start is 0 or 1, each server can reach 0, 0.5 and 1: 3^4 states after one gather.
  CHECK(chosen["states"].get<int>() > 81);
  CHECK(chosen["merged"].get<int>() > 0);
}

TEST_CASE("the worst case explored is a script that replays by itself", "[search]") {
  const Trial worst = explored(at_places({0, 0, 1, 1}, 2), 100'000);
  const Json json = write(worst.candidate.scenario);
  CHECK_FALSE(json["adversary"]["script"]["deliveries"].empty());
  CHECK(drift_of(json) == 1);
  CHECK(drift_of(at_places({0, 0, 1, 1}, 2)) < 1);
}

TEST_CASE("every diameter of places in a small grid agrees with counting", "[search]") {
  for (std::int64_t second = 0; second <= 3; ++second)
    for (std::int64_t third = second; third <= 3; ++third) {
      CAPTURE(second, third);
      const Trial worst = explored(at_places({0, double(second), double(third), 3}, 1), 1000);
      CHECK(2 * worst.value.value() ==
            double(worst_reach(gather_at({0, second, third, 3})).diameter));
    }
}

TEST_CASE("threads change nothing of an exploration", "[search]") {
  const Trial one = explored(at_places({0, 0, 1, 1}, 2), 5000, 1);
  const Trial three = explored(at_places({0, 0, 1, 1}, 2), 5000, 3);
  CHECK(write(one.candidate.scenario) == write(three.candidate.scenario));
  CHECK(one.candidate.chosen == three.candidate.chosen);
}

TEST_CASE("an exploration that its evaluations end says that it is not complete", "[search]") {
  const Trial worst = explored(at_places({0, 0, 1, 1}, 3), 200);
  CHECK(worst.candidate.chosen["complete"] == false);
  CHECK(worst.candidate.chosen["gathers_simulated"].get<int>() <= 200);
  CHECK(worst.value == 1);  // the widest states are gone on from first
}

TEST_CASE("what is too large to explore is refused with the reason", "[search]") {
  CHECK(refusal(at_places({0, 0, 1, 1}, 3), 10).find("too few to reach the end") !=
        std::string::npos);
  Json many = at_places({0, 0, 1, 1}, 1);
  many["servers"] = {{"count", 30}, {"byzantine", {{"declared", 7}, {"actual", 7}}}};
  CHECK(refusal(many, 1000).find("different sets of values in one gather") != std::string::npos);
  CHECK(refusal(with(at_places({0, 0, 1, 1}, 1), "/data/parameters/dimension", 2), 1000)
            .find("explores models of one") != std::string::npos);
  CHECK(refusal(with(at_places({0, 0, 1, 1}, 2), "/protocol/parameters/gather_period", 2), 1000)
            .find("one in every step") != std::string::npos);
  CHECK(refusal(at_places({0, 0, 1, 1}, 1), 1000, "loss").find("the drift at the end") !=
        std::string::npos);
}

TEST_CASE("an interrupted exploration hands back the worst so far and says it is not all",
          "[search]") {
  // One gather of four servers that hear 2 of 3 others and 6 lies, with questions in between.
  const Json three = at_places({1, 2, 3, 4}, 3);
  const auto trials = trials_of(three, 1'000'000, 1, "drift", interrupted_at(400));
  REQUIRE(trials.size() == 1);
  const Trial& trial = trials.front();
  CHECK(trial.candidate.chosen["complete"] == false);
  CHECK(trial.candidate.chosen["gathers"] == trial.candidate.scenario.steps);
  CHECK(trial.candidate.scenario.steps < 3);
  CHECK(trial.value == drift_of(write(trial.candidate.scenario)));
  CHECK(trial.value == 2.0);  // the most that is left of 1, 2, 3, 4, above
}

TEST_CASE("an exploration that is interrupted in its first gather has nothing", "[search]") {
  CHECK(trials_of(at_places({1, 2, 3, 4}, 3), 1'000'000, 1, "drift", interrupted_at(2)).empty());
}

TEST_CASE("one combine on a graph leaves the drift that the contraction has exactly", "[search]") {
  // The hand-worked cases of tests/sim/graph_contraction_test.cpp.
  const Json clipped = {{"name", "clipped_gossip"}, {"parameters", {{"radius", 1}}}};
  CHECK(explored(on_graph("ring", clipped, 1), 1000).value.value() == Approx(3));
  CHECK(explored(on_graph("complete", "bridge", 1), 1000).value.value() == Approx(1));
}

TEST_CASE("values that are given reach what those of honest nodes do not", "[search]") {
  // GTS takes 0 and 5 for as near as a neighbour: 11/3 instead of 3.
  const auto trials =
      trials_of(on_graph("ring", "gts", 1), 1000, 1, "drift", [] { return false; }, {0, 5});
  CHECK(trials.at(0).value.value() == Approx(11.0 / 3));
}

TEST_CASE("rounds of gossip are explored to the end and the worst replays", "[search]") {
  const Trial worst = explored(on_graph("ring", "gts", 2), 100'000);
  CHECK(worst.candidate.chosen["complete"] == true);
  CHECK(worst.candidate.chosen["gathers"] == 2);
  const Json json = write(worst.candidate.scenario);
  CHECK(json["adversary"]["script"]["words"].size() == 2 * 2);  // two neighbours, two rounds
  CHECK(drift_of(json) == worst.value);
}

TEST_CASE("only synchronous gossip of half-steps is explored on a graph", "[search]") {
  Json json = on_graph("ring", "gts", 1);
  json["protocol"] = {{"name", "gossip"}, {"parameters", {{"exchange", "models"}}}};
  CHECK(refusal(json, 1000).find("or gossip of half-steps") != std::string::npos);
  json["protocol"] = "async_gossip";
  CHECK(refusal(json, 1000).find("/protocol: exhaustive explores gathers") == 0);
}

}  // namespace byzsim::exhaustive_test
