#include "tests/sim/small_scenarios.h"
#include "adversaries/known_strategies.h"

#include <utility>

#include "tests/places.h"

namespace byzsim {

Json small_sgd() {
  return parse_json(R"({
    "name": "small-sgd", "seed": 7, "steps": 6, "protocol": "sgd",
    "servers": {"count": 1},
    "workers": {"count": 4, "aggregator": "average", "batch_size": 4},
    "model": "softmax_regression",
    "data": {"name": "blobs",
             "parameters": {"dimension": 6, "classes": 3, "train": 60, "test": 30}},
    "metrics": {"every": 1}})",
                    "small_sgd");
}

Json small_byzsgd() {
  Json json = small_sgd();
  json["name"] = "small-byzsgd";
  json["protocol"] = {{"name", "byzsgd"}, {"parameters", {{"gather_period", 2}}}};
  json["servers"] = {{"count", 5}, {"byzantine", {{"declared", 1}}}, {"aggregator", "median"}};
  json["workers"] = {
      {"count", 7}, {"byzantine", {{"declared", 2}}}, {"aggregator", "mda"}, {"batch_size", 4}};
  return json;
}

Json small_attacked_byzsgd() {
  Json json = small_byzsgd();
  json["servers"]["byzantine"]["actual"] = 1;
  json["workers"]["byzantine"]["actual"] = 2;
  json["adversary"] = {{"workers", "a_little_is_enough"}, {"servers", "reversed"}};
  return json;
}

Json with(Json json, const std::string& pointer, Json value) {
  json[Json::json_pointer(pointer)] = std::move(value);
  return json;
}

Json steady(const Json& json) {
  return with(json, "/network/delay", {{"name", "constant"}, {"parameters", {{"value", "1 ms"}}}});
}

Scenario read(const Json& json) { return read_scenario(json, scenario_tables()); }

Json write(const Scenario& scenario) { return write_scenario(scenario, scenario_tables()); }

World::World(const Json& json, int threads, std::unique_ptr<Adversary> adversary)
    : scenario(read(json)),
      executor(threads),
      workload(std::make_shared<const Workload>(scenario, executor, source_directory(),
                                                poisoning_of(scenario))),
      simulation(workload, adversary ? std::move(adversary) : make_adversary(scenario)) {}

std::vector<Occurrence> run_to_end(Simulation& simulation) {
  std::vector<Occurrence> trace;
  while (const Occurrence* occurrence = simulation.advance()) trace.push_back(*occurrence);
  simulation.finish();
  return trace;
}

RunDigest digest_of_run(const Json& json, int threads) {
  World world(json, threads);
  run_to_end(world.simulation);
  return world.simulation.digest();
}

}  // namespace byzsim
