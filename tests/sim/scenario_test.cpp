#include "sim/scenario/scenario.h"
#include "adversaries/known_strategies.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "core/datasets/dataset.h"
#include "core/input/parameter_reader.h"
#include "core/models/model.h"
#include "core/partitions/partition.h"
#include "core/rates/rate.h"
#include "core/rules/rule.h"
#include "sim/network/delays/delay.h"
#include "sim/protocols/protocol.h"
#include "tests/catch.h"
#include "tests/sim/graph_scenarios.h"

namespace byzsim::scenario_test {
namespace {

std::string id_of(const Json& json) { return scenario_id(read(json), scenario_tables()); }

/// The same object with the keys of every object in reverse.
Json reversed_keys(const Json& json) {
  if (!json.is_object()) return json;
  std::vector<std::string> keys;
  for (const auto& item : json.items()) keys.insert(keys.begin(), item.key());
  Json reversed = Json::object();
  for (const std::string& key : keys) reversed[key] = reversed_keys(json[key]);
  return reversed;
}

void list_keys(const Json& json, const std::string& where, std::set<std::string>& keys) {
  for (const auto& item : json.items()) {
    keys.insert(where + "/" + item.key());
    if (item.value().is_object()) list_keys(item.value(), where + "/" + item.key(), keys);
  }
}

/// The object schema of the alternative with that name.
const Json& alternative(const Json& choice, const std::string& name) {
  for (const Json& each : choice["anyOf"])
    if (each.contains("properties") && each["properties"]["name"]["const"] == name) return each;
  FAIL("the schema has no alternative " + name);
  return choice;
}

/// The keys that a schema allows where `written` says which alternative a choice takes.
void list_schema_keys(const Json& schema, const Json& written, const std::string& where,
                      std::set<std::string>& keys) {
  for (const auto& item : schema["properties"].items()) {
    const std::string here = where + "/" + item.key();
    keys.insert(here);
    const Json held = written.value(item.key(), Json());
    if (!held.is_object()) continue;
    const bool choice = item.value().contains("anyOf");
    list_schema_keys(choice ? alternative(item.value(), held["name"]) : item.value(), held, here,
                     keys);
  }
}

std::vector<Declaration> all_declarations() {
  std::vector<Declaration> all;
  for (const auto& table :
       {protocols().declarations(), rules().declarations(), models().declarations(),
        datasets().declarations(), partitions().declarations(), rates().declarations(),
        delays().declarations(), attacks().declarations()})
    all.insert(all.end(), table.begin(), table.end());
  return all;
}

/// ByzSGD with every field at its default but the seed, which needs no count condition (f = 0).
Json least() { return {{"seed", 3}, {"servers", {{"count", 2}}}}; }

}  // namespace

TEST_CASE("keys that came later are not written while at their defaults") {
  const Json written = write(read(with(least(), "/optimizer/nesterov", false)));
  CHECK_FALSE(written["optimizer"].contains("nesterov"));
  CHECK_FALSE(written["optimizer"]["rate"]["parameters"].contains("warm_up"));
  const Json warm = {{"name", "constant"}, {"parameters", {{"warm_up", 2}}}};
  const Json changed = write(
      read(with(least(), "/optimizer", {{"momentum", 0.5}, {"nesterov", true}, {"rate", warm}})));
  CHECK(changed["optimizer"]["nesterov"] == true);
  CHECK(changed["optimizer"]["rate"]["parameters"]["warm_up"] == 2);
}

TEST_CASE("what a scenario does not say takes its default") {
  const Scenario scenario = read(least());
  CHECK(scenario.name == "unnamed");
  CHECK(scenario.seed == 3);
  CHECK(scenario.steps == 100);
  CHECK_FALSE(scenario.unsafe);
  CHECK(scenario.protocol.name == "byzsgd");
  CHECK(scenario.servers.aggregator.name == "median");
  CHECK(scenario.workers.aggregator.name == "mda");
  CHECK(scenario.workers.byzantine.declared == 0);
  CHECK(scenario.batch_size == 32);
  CHECK(scenario.model.name == "mlp");
  CHECK(scenario.data.name == "glyphs");
  CHECK(scenario.rate.parameters.real("initial") == 0.1);
  CHECK(scenario.momentum_at == MomentumAt::worker);
  CHECK(scenario.delay.name == "exponential");
  CHECK(scenario.gradient_time.name == "constant");
  CHECK(scenario.metrics_every == 10);
}

TEST_CASE("a written scenario reads back to the same text") {
  for (const Json& json : {least(), small_sgd(), small_byzsgd(), small_attacked_byzsgd(),
                           with(least(), "/seed", "0x9e3779b97f4a7c15")}) {
    const Json written = write(read(json));
    CHECK(write(read(written)).dump(2) == written.dump(2));
  }
}

TEST_CASE("a seed beyond 2^53 is kept to the last bit") {
  const Scenario scenario = read(with(least(), "/seed", "0x9e3779b97f4a7c15"));
  CHECK(scenario.seed == 0x9e3779b97f4a7c15u);
  CHECK(write(scenario)["seed"] == "0x9e3779b97f4a7c15");
}

TEST_CASE("the order of keys does not matter to the id") {
  const Json json = small_attacked_byzsgd();
  const Json reversed = reversed_keys(json);
  REQUIRE(reversed.dump() != json.dump());
  CHECK(id_of(reversed) == id_of(json));
}

TEST_CASE("name and summary do not matter to the id") {
  const Json named = with(small_sgd(), "/name", "another");
  CHECK(id_of(named) == id_of(small_sgd()));
  CHECK(id_of(with(named, "/summary", "Another.")) == id_of(small_sgd()));
}

TEST_CASE("what is said in another way does not matter to the id") {
  const std::string id = id_of(small_sgd());
  CHECK(id_of(with(small_sgd(), "/protocol", {{"name", "sgd"}})) == id);
  CHECK(id_of(with(small_sgd(), "/steps", 6.0)) == id);
  CHECK(id_of(with(small_sgd(), "/seed", "0x7")) == id);
  CHECK(id_of(with(small_sgd(), "/workers/quorum", 4)) == id);  // what auto resolves to
  CHECK(id_of(write(read(small_sgd()))) == id);
}

TEST_CASE("what is kept of a run does not matter to the id") {
  CHECK(id_of(with(small_sgd(), "/keep", "models")) == id_of(small_sgd()));
}

TEST_CASE("every other field matters to the id") {
  const Json base = with(small_byzsgd(), "/workers/count", 8);  // quorums of 5 and 6 both hold
  const std::string id = id_of(base);
  const std::vector<std::pair<std::string, Json>> changes = {
      {"/seed", 8},
      {"/steps", 7},
      {"/unsafe", true},
      {"/protocol/parameters/gather_period", 3},
      {"/protocol/parameters/lipschitz", 2},
      {"/servers/count", 6},
      {"/servers/byzantine/actual", 1},
      {"/workers/quorum", 5},
      {"/workers/aggregator", "median"},
      {"/workers/batch_size", 5},
      {"/model", "mlp"},
      {"/model", {{"name", "softmax_regression"}, {"start", "a.npy"}}},
      {"/model", {{"name", "softmax_regression"}, {"parameters", {{"initialisation", "torch"}}}}},
      {"/data/parameters/train", 61},
      {"/data/normalise", "measured"},
      {"/data/augmentation", {"flip"}},
      {"/data/validation", 0.25},
      {"/optimizer", {{"rate", "inverse_time"}}},
      {"/optimizer", {{"momentum", 0.5}}},
      {"/optimizer", {{"momentum_at", "server"}}},
      {"/optimizer", {{"momentum", 0.5}, {"nesterov", true}}},
      {"/optimizer", {{"rate", {{"name", "constant"}, {"parameters", {{"warm_up", 5}}}}}}},
      {"/optimizer", {{"weight_decay", 0.1}}},
      {"/adversary", {{"workers", "gaussian"}}},
      {"/adversary", {{"servers", "gaussian"}}},
      {"/network", {{"delay", "lognormal"}}},
      {"/compute", {{"gradient", "lognormal"}}},
      {"/compute", {{"aggregation", "lognormal"}}},
      {"/metrics/every", 2}};
  for (const auto& [pointer, value] : changes) {
    CAPTURE(pointer, value.dump());
    CHECK(id_of(with(base, pointer, value)) != id);
  }
}

TEST_CASE("the schema's keys are those of the canonical text") {
  const Json schema = scenario_schema(scenario_tables());
  for (const Json& json :
       {least(), small_sgd(), small_attacked_byzsgd(), small_gossip(), small_learn(true)}) {
    const Json written = write(read(json));
    std::set<std::string> keys, schema_keys;
    list_keys(written, "", keys);
    list_schema_keys(schema, written, "", schema_keys);
    // Neither an empty script, list of what is kept or origin nor a later key at its default is
    // written.
    for (const char* key : {"/adversary/script",
                            "/data/augmentation",
                            "/data/normalise",
                            "/data/validation",
                            "/keep",
                            "/model/parameters/initialisation",
                            "/model/start",
                            "/origin",
                            "/optimizer/nesterov",
                            "/optimizer/rate/parameters/warm_up",
                            "/topology/every",
                            "/topology_changes",
                            "/protocol/parameters/agreement_rounds",
                            "/adversary/gradients",
                            "/optimizer/server",
                            "/workers/participation",
                            "/workers/algorithm",
                            "/workers/batches",
                            "/workers/compressor",
                            "/workers/local_steps",
                            "/workers/proximal",
                            "/nodes/batches",
                            "/nodes/local_steps",
                            "/nodes/proximal",
                            "/adversary/workers/parameters/from",
                            "/servers/root_examples"})
      schema_keys.erase(key);
    // A scenario has servers and workers, nodes on a graph, or nodes that also exchange gradients;
    // the schema has all.
    const bool nodes = keys.contains("/nodes"), on_graph = keys.contains("/topology");
    for (const char* key : {"/servers", "/workers", "/adversary/servers", "/adversary/workers"})
      if (nodes) schema_keys.erase(key);
    for (const char* key : {"/nodes", "/adversary/nodes"})
      if (!nodes) schema_keys.erase(key);
    for (const char* key : {"/topology", "/nodes/placement", "/nodes/tolerated", "/nodes/weights"})
      if (!on_graph) schema_keys.erase(key);
    for (const char* key : {"/nodes/quorum", "/nodes/gradients"})
      if (on_graph) schema_keys.erase(key);
    CHECK(keys == schema_keys);
  }
}

TEST_CASE("the schema knows every strategy of every choice") {
  const Json properties = scenario_schema(scenario_tables())["properties"];
  const auto has = [](const Json& choice, const std::vector<Declaration>& among) {
    for (const Declaration& each : among) CHECK(alternative(choice, each.name).is_object());
  };
  has(properties["protocol"], protocols().declarations());
  has(properties["workers"]["properties"]["aggregator"], rules().declarations());
  has(properties["adversary"]["properties"]["servers"], attacks().declarations());
  has(properties["network"]["properties"]["delay"], delays().declarations());
}

TEST_CASE("every declared default passes its own reader unchanged") {
  for (const Declaration& declaration : all_declarations()) {
    for (const Parameter& parameter : declaration.parameters) {
      CAPTURE(declaration.name, parameter.name);
      Issues issues;
      const auto value =
          read_value(parameter, write_value(parameter, parameter.fallback), "", issues);
      CHECK(issues.empty());
      CHECK(value == std::optional(parameter.fallback));
    }
  }
}

TEST_CASE("every strategy says what it is in words of its own") {
  std::set<std::string> summaries;
  for (const Declaration& declaration : all_declarations()) {
    CAPTURE(declaration.name);
    CHECK(declaration.summary.size() > 10);
    CHECK(summaries.insert(declaration.summary).second);
    for (const Parameter& parameter : declaration.parameters)
      CHECK_FALSE(parameter.summary.empty());
  }
}

TEST_CASE("open quorums resolve to n - f, and to all workers when synchronous") {
  const Scenario byzsgd = read(small_byzsgd());
  CHECK(byzsgd.servers.quorum == 4);  // 5 - 1
  CHECK(byzsgd.workers.quorum == 5);  // 7 - 2
  const Scenario sgd = read(small_sgd());
  CHECK(sgd.servers.quorum == 1);
  CHECK(sgd.workers.quorum == 4);
}

TEST_CASE("the gather period resolves to int(1 / (3 l eta_1))") {
  const auto period = [](double initial, double lipschitz) {
    Json json = least();
    json["protocol"] = {{"name", "byzsgd"}, {"parameters", {{"lipschitz", lipschitz}}}};
    json["optimizer"]["rate"] = {{"name", "constant"}, {"parameters", {{"initial", initial}}}};
    return read(json).protocol.parameters.integer("gather_period");
  };
  CHECK(period(1e-3, 1) == 333);  // the public code's value
  CHECK(period(0.1, 1) == 3);
  CHECK(period(0.1, 0.5) == 6);               // 6.67
  CHECK(period(10, 1) == 1);                  // never less than every step
  CHECK(period(1e-300, 1) == 1'000'000'000);  // never more than a run can have
}

TEST_CASE("the last nodes of a group are the Byzantine ones") {
  const Scenario scenario = read(small_attacked_byzsgd());
  CHECK_FALSE(scenario.is_byzantine({Role::server, 3}));
  CHECK(scenario.is_byzantine({Role::server, 4}));
  CHECK_FALSE(scenario.is_byzantine({Role::worker, 4}));
  CHECK(scenario.is_byzantine({Role::worker, 5}));
}

}  // namespace byzsim::scenario_test
