// Scenarios of a few milliseconds, and the world that runs them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adversaries/coalition.h"
#include "adversaries/scheduler.h"
#include "core/json.h"
#include "sim/scenario/scenario_json.h"
#include "sim/simulation.h"
#include "tests/places.h"

namespace byzsim {

/// One trusted server and four workers on blobs of dimension 6: d = 3 * (6 + 1) = 21 parameters.
inline Json small_sgd() {
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

/// Five servers and seven workers without a Byzantine node, a gather every second step.
inline Json small_byzsgd() {
  Json json = small_sgd();
  json["name"] = "small-byzsgd";
  json["protocol"] = {{"name", "byzsgd"}, {"parameters", {{"gather_period", 2}}}};
  json["servers"] = {{"count", 5}, {"byzantine", {{"declared", 1}}}, {"aggregator", "median"}};
  json["workers"] = {
      {"count", 7}, {"byzantine", {{"declared", 2}}}, {"aggregator", "mda"}, {"batch_size", 4}};
  return json;
}

/// The same with the declared Byzantine nodes really lying.
inline Json small_attacked_byzsgd() {
  Json json = small_byzsgd();
  json["servers"]["byzantine"]["actual"] = 1;
  json["workers"]["byzantine"]["actual"] = 2;
  json["adversary"] = {{"workers", "a_little_is_enough"}, {"servers", "reversed"}};
  return json;
}

/// The JSON with the value at a pointer replaced or added.
inline Json with(Json json, const std::string& pointer, Json value) {
  json[Json::json_pointer(pointer)] = std::move(value);
  return json;
}

/// The scenario where every message takes exactly 1 ms.
inline Json steady(const Json& json) {
  return with(json, "/network/delay", {{"name", "constant"}, {"parameters", {{"value", "1 ms"}}}});
}

inline Scenario read(const Json& json) { return read_scenario(json, adversary_declarations()); }

inline Json write(const Scenario& scenario) {
  return write_scenario(scenario, adversary_declarations());
}

/// A simulation with what it needs to live; members in the order of their dependence. Scenarios
/// name files from the root of the source tree.
struct World {
  explicit World(const Json& json, int threads = 1, std::unique_ptr<Adversary> adversary = nullptr)
      : scenario(read(json)),
        executor(threads),
        workload(std::make_shared<const Workload>(scenario, executor, source_directory())),
        simulation(workload, adversary ? std::move(adversary) : make_adversary(scenario)) {}

  Scenario scenario;
  Executor executor;
  std::shared_ptr<const Workload> workload;
  Simulation simulation;
};

/// Every event from here to the last; metrics are complete then.
inline std::vector<Occurrence> run_to_end(Simulation& simulation) {
  std::vector<Occurrence> trace;
  while (auto occurrence = simulation.advance()) trace.push_back(std::move(*occurrence));
  simulation.finish();
  return trace;
}

inline RunDigest digest_of_run(const Json& json, int threads = 1) {
  World world(json, threads);
  run_to_end(world.simulation);
  return world.simulation.digest();
}

}  // namespace byzsim
