// The pinned bits of a few tiny runs. A digest that moves means that results of earlier versions
// cannot be reproduced any more: rewrite the table (BYZSIM_UPDATE=1) on purpose only.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/compressors/compressor.h"
#include "core/datasets/augmentation.h"
#include "core/datasets/dataset.h"
#include "core/datasets/normalisation.h"
#include "core/exact/floating_point.h"
#include "core/graphs/placement.h"
#include "core/graphs/topology.h"
#include "core/local_works/local_work.h"
#include "core/models/model.h"
#include "core/models/network.h"
#include "core/participations/participation.h"
#include "core/partitions/partition.h"
#include "core/pre_aggregators/pre_aggregator.h"
#include "core/rates/rate.h"
#include "core/rules/rule.h"
#include "core/server_optimizers/server_optimizer.h"
#include "core/worker_algorithms/worker_algorithm.h"
#include "sim/network/delays/delay.h"
#include "sim/network/faults/fault.h"
#include "sim/protocols/protocol.h"
#include "sim/results/results.h"
#include "tests/catch.h"
#include "tests/sim/golden_scenarios.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::golden_test {
namespace {

bool updating() { return std::getenv("BYZSIM_UPDATE") != nullptr; }

void write_table(const std::map<std::string, std::string>& digests) {
  Json table = {{"profile", kNumericProfile}, {"digests", Json::object()}};
  for (const auto& [name, digest] : digests) table["digests"][name] = digest;
  std::ofstream(golden_table()) << table.dump(2) << "\n";
}

/// "rule krum", "attack silent": every strategy that decides a bit of the scenario's run.
std::set<std::string> used_by(const Scenario& scenario) {
  std::set<std::string> used = {
      "protocol " + scenario.protocol.name,     "rule " + scenario.workers.aggregator.name,
      "model " + scenario.model.name,           "data set " + scenario.data.name,
      "partition " + scenario.partition.name,   "rate " + scenario.rate.name,
      "delay " + scenario.delay.name,           "delay " + scenario.gradient_time.name,
      "delay " + scenario.aggregation_time.name};
  for (const Group* group : {&scenario.workers, &scenario.servers})
    for (const Choice& pre : group->pre) used.insert("pre-aggregator " + pre.name);
  if (scenario.servers.count > 1) used.insert("rule " + scenario.servers.aggregator.name);
  if (scenario.workers.byzantine.actual > 0) used.insert("attack " + scenario.worker_attack.name);
  if (scenario.servers.byzantine.actual > 0) used.insert("attack " + scenario.server_attack.name);
  if (scenario.on_graph) {
    used.insert("topology " + scenario.on_graph->topology.name);
    used.insert("placement " + scenario.on_graph->placement.name);
  }
  used.insert("participation " + scenario.participation.name);
  used.insert("local work " + scenario.local_steps.name);
  used.insert("compressor " + scenario.compressor.name);
  used.insert("worker algorithm " + scenario.algorithm.name);
  used.insert("server optimizer " + scenario.server_optimizer.name);
  used.insert("scheduler " + scenario.scheduler.name);
  for (const Choice& fault : scenario.faults) used.insert("fault " + fault.name);
  if (scenario.momentum > 0)
    used.insert(std::string("momentum at ") + to_string(scenario.momentum_at));
  if (scenario.nesterov) used.insert(std::string("Nesterov at ") + to_string(scenario.momentum_at));
  if (scenario.rate.parameters.integer("warm_up") > 0) used.insert("warm-up");
  if (scenario.weight_decay > 0) used.insert("weight decay");
  if (scenario.model.name == "mlp")
    used.insert("activation " + scenario.model.parameters.word("activation"));
  for (const auto& [name, value] : scenario.model.parameters.values())
    if (name == "initialisation") used.insert("initialisation " + std::get<std::string>(value));
  used.insert("normalisation " + scenario.normalise.name);
  for (const Choice& each : scenario.augmentation) used.insert("augmentation " + each.name);
  return used;
}

std::set<std::string> all_strategies() {
  std::set<std::string> all = {"momentum at worker",
                               "momentum at server",
                               "Nesterov at worker",
                               "Nesterov at server",
                               "warm-up",
                               "weight decay",
                               "activation relu",
                               "activation tanh"};
  const auto add = [&](const std::string& kind, const std::vector<Declaration>& table) {
    for (const Declaration& each : table) all.insert(kind + " " + each.name);
  };
  add("protocol", protocols().declarations());
  add("rule", rules().declarations());
  add("pre-aggregator", pre_aggregators().declarations());
  add("model", models().declarations());
  add("data set", datasets().declarations());
  add("partition", partitions().declarations());
  add("participation", participations().declarations());
  add("local work", local_works().declarations());
  add("compressor", compressors().declarations());
  add("worker algorithm", worker_algorithms().declarations());
  add("server optimizer", server_optimizers().declarations());
  add("topology", topologies().declarations());
  add("placement", placements().declarations());
  add("rate", rates().declarations());
  add("delay", delays().declarations());
  add("attack", attacks().declarations());
  add("scheduler", schedulers().declarations());
  add("fault", faults().declarations());
  add("normalisation", normalisations());
  add("augmentation", augmentations());
  for (const std::string& each : words_of<Initialisation>()) all.insert("initialisation " + each);
  // These read files that the source tree does not hold, and CifarNet needs their images.
  for (const char* outside : {"data set idx", "data set cifar10", "data set libsvm",
                              "model cifarnet", "normalisation cifar10"})
    all.erase(outside);
  return all;
}

}  // namespace

TEST_CASE("every golden scenario has a digest and every digest a scenario") {
  std::set<std::string> scenarios, digests;
  for (const auto& [name, json] : golden_scenarios()) scenarios.insert(name);
  const Json table = parse_json(read_text(golden_table()), "digests.json");
  for (const auto& item : table["digests"].items()) digests.insert(item.key());
  CHECK(scenarios == digests);
  CHECK(scenarios.size() == 98);
}

TEST_CASE("golden runs have the bits they had before") {
  const Json table = parse_json(read_text(golden_table()), "digests.json");
  REQUIRE((updating() || table["profile"] == kNumericProfile));
  std::map<std::string, std::string> found;
  for (const auto& [name, json] : golden_scenarios()) {
    World world(json, 2);
    run_to_end(world.simulation);
    const RunDigest digest = world.simulation.digest();
    found[name] = digest.run_hex();
    if (updating()) continue;
    std::string layers;
    for (const auto& [layer, value] : digest.layers())
      layers += std::string(layer) + " " + value->hex() + " ";
    CAPTURE(name, layers);
    CHECK(found[name] == table["digests"].value(name, ""));
  }
  if (updating()) write_table(found);
}

TEST_CASE("golden runs learn: what they pin is not the digest of a diverged run") {
  for (const auto& [name, json] : golden_scenarios()) {
    CAPTURE(name);
    World world(json);
    run_to_end(world.simulation);
    CHECK(world.simulation.trained());
    if (world.scenario.numbers == Numbers::none) continue;
    const auto& rows = world.simulation.metrics();
    REQUIRE(rows.back().loss);
    CHECK(*rows.back().loss < *rows.front().loss);
  }
}

TEST_CASE("the golden scenarios together use every strategy of every table") {
  std::set<std::string> used;
  for (const auto& [name, json] : golden_scenarios()) used.merge(used_by(read(json)));
  std::vector<std::string> missing;
  const std::set<std::string> all = all_strategies();
  std::set_difference(all.begin(), all.end(), used.begin(), used.end(),
                      std::back_inserter(missing));
  CHECK(missing == std::vector<std::string>{});
}

}  // namespace byzsim::golden_test
