#include "sim/scenario/scenario_nodes.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/compressors/compressor.h"
#include "core/graphs/placement.h"
#include "core/graphs/topology.h"
#include "core/input/parameter_reader.h"
#include "core/local_works/local_work.h"
#include "core/participations/participation.h"
#include "core/pre_aggregators/pre_aggregator.h"
#include "core/rules/rule.h"
#include "core/worker_algorithms/worker_algorithm.h"
#include "sim/scenario/scenario_tables.h"
#include "sim/world/node_id.h"

namespace byzsim {

void describe_later_choice(ScenarioWalk& walk, const std::string& key, const std::string& kind,
                           const std::vector<Declaration>& among, Choice& choice) {
  const std::string& fallback = among.front().name;
  const Choice by_default = default_choice(among, fallback);
  if (choice.name.empty()) choice = by_default;
  if (walk.has(key, choice != by_default)) walk.choice(key, kind, among, fallback, choice);
}

namespace {

constexpr double kFarthestStart = 1e30;  // float32 holds it, and differences of two

void describe_counts(ScenarioWalk& walk, std::int64_t count, Group& group) {
  walk.field(integer("count", count, 1, double(kMostNodes), "how many there are (n)"), group.count);
  const Parameter declared = integer("declared", 0, 0, double(kMostNodes),
                                     "f: number of Byzantine nodes that quorums and rules assume");
  const Parameter actual =
      integer("actual", 0, 0, double(kMostNodes),
              "number of nodes that are Byzantine: the last indices of the group");
  walk.enter_or_number(
      "byzantine", "how many Byzantine ones are declared, and how many there are; a number: both",
      declared);
  walk.field(declared, group.byzantine.declared);
  walk.field(actual, group.byzantine.actual);
  walk.leave();
}

void describe_aggregation(ScenarioWalk& walk, const std::string& rule, Group& group) {
  walk.choices("pre", "pre-aggregator", pre_aggregators().declarations(), group.pre);
  walk.choice("aggregator", "rule", rules().declarations(), rule, group.aggregator);
}

void describe_quorum(ScenarioWalk& walk, Group& group) {
  walk.field(integer("quorum", 1, 1, double(kMostNodes),
                     "number of their vectors that a receiver waits for; auto: the most "
                     "that the protocol allows (n - f, or all when synchronous)")
                 .or_default_word("auto"),
             group.quorum);
}

void describe_group(ScenarioWalk& walk, const std::string& key, const std::string& summary,
                    const std::string& rule, std::int64_t count, Group& group) {
  walk.enter(key, summary);
  describe_counts(walk, count, group);
  describe_quorum(walk, group);
  describe_aggregation(walk, rule, group);
}

void describe_start(ScenarioWalk& walk, const char* node, Scenario& scenario) {
  walk.field(reals("start", -kFarthestStart, kFarthestStart,
                   fmt::format("added to every coordinate of the initial model: a number for each "
                               "{}, or for each honest one; empty: all start equal",
                               node)),
             scenario.start);
}

void describe_batch(ScenarioWalk& walk, Scenario& scenario) {
  walk.field(integer("batch_size", 32, 1, 1e6, "examples in a gradient"), scenario.batch_size);
  std::string batches = to_string(scenario.batches);
  walk.field(word("batches", words_of<Batches>(),
                  "how a batch is drawn from the share: with replacement, or pass after pass over "
                  "the share, each in a new order, whose last batch may be smaller")
                 .omitted_at_default(),
             batches);
  scenario.batches = from_word<Batches>(batches).value_or(scenario.batches);
  describe_later_choice(walk, "local_steps", "local work", local_works().declarations(),
                        scenario.local_steps);
  walk.field(real("proximal", 0, 0, 1e6,
                  "mu of FedProx: each local step also goes by mu (y - x) towards the model x that "
                  "it began with")
                 .omitted_at_default(),
             scenario.proximal);
}

// Of the protocols that draw clients.
void describe_participation(ScenarioWalk& walk, Scenario& scenario) {
  describe_later_choice(walk, "participation", "participation", participations().declarations(),
                        scenario.participation);
}

// What workers send. A Byzantine one compresses what its attack makes, too.
void describe_compression(ScenarioWalk& walk, Scenario& scenario) {
  describe_later_choice(walk, "compressor", "compressor", compressors().declarations(),
                        scenario.compressor);
  describe_later_choice(walk, "algorithm", "worker algorithm", worker_algorithms().declarations(),
                        scenario.algorithm);
}

// What places nodes on a graph.
void describe_places(ScenarioWalk& walk, GraphPlan& plan) {
  walk.choice("placement", "placement", placements().declarations(), "last", plan.placement);
  walk.field(integer("tolerated", 0, 0, double(kMostNodes),
                     "b: number of Byzantine neighbours that a node's rule assumes; auto: the most "
                     "that an honest node has when the declared number of nodes is Byzantine")
                 .or_default_word("auto"),
             plan.tolerated);
  walk.field("weights", "gossip weights of a node's neighbours and of its own model", plan.weights);
}

void describe_topology(ScenarioWalk& walk, Choice& topology, std::optional<std::int64_t>& every) {
  const Parameter declared =
      integer("every", 1, 1, 1e9,
              "steps after which a kind that draws its edges draws them again; the conditions must "
              "hold for every graph of the run")
          .or_default_word("never")
          .omitted_at_default();
  walk.choice_beside("topology", "topology", topologies().declarations(), "complete", topology,
                     {"every"}, [&] { walk.field(declared, every); });
}

void describe_graph(ScenarioWalk& walk, GraphPlan& plan) {
  describe_topology(walk, plan.topology, plan.every);
  // Not written where there are none, so that scenarios without them keep their ids.
  if (!walk.has("topology_changes", !plan.changes.empty())) return;
  walk.list("topology_changes", "other graphs of the same nodes, in the order of their steps",
            plan.changes, [&](TopologyChange& change) {
              walk.field(integer("step", 1, 1, 1e9, "the first step in which nodes use this graph"),
                         change.step);
              describe_topology(walk, change.topology, change.every);
            });
}

// How gradients are aggregated where nodes exchange them, too.
void describe_gradients(ScenarioWalk& walk, Group& group) {
  walk.enter("gradients", "how nodes aggregate each other's gradients");
  describe_quorum(walk, group);
  describe_aggregation(walk, "mda", group);
  walk.leave();
}

}  // namespace

Form form_of(ScenarioWalk& walk, const Choice& protocol, const ScenarioTables& tables) {
  for (const ProtocolConditions& each : tables.protocols) {
    if (each.declaration.name != protocol.name || !each.one_role) continue;
    if (each.on_graph) return {.graph = true};
    const bool earlier = walk.in_earlier_form(
        {"servers", "workers"},
        "nodes of " + protocol.name +
            " are servers and workers at once: write /nodes for /servers and for the counts and "
            "batch_size of /workers, /nodes/gradients for quorum, pre and aggregator of /workers, "
            "and /adversary/nodes and /adversary/gradients for the attacks");
    return {.all_to_all = !earlier, .groups = earlier};
  }
  return {.groups = true};
}

bool has_one_role(const Choice& protocol, const ScenarioTables& tables) {
  return std::any_of(tables.protocols.begin(), tables.protocols.end(), [&](const auto& each) {
    return each.one_role && each.declaration.name == protocol.name;
  });
}

void describe_nodes(ScenarioWalk& walk, const Form& form, Scenario& scenario) {
  GraphPlan plan = scenario.on_graph.value_or(GraphPlan{});
  walk.enter("nodes",
             "nodes of a protocol without servers: each trains on its share of the data and "
             "exchanges models with its neighbours on a graph, or with all others");
  describe_counts(walk, 20, scenario.servers);
  if (walk.visits(form.graph)) describe_places(walk, plan);
  if (walk.visits(form.all_to_all)) describe_quorum(walk, scenario.servers);
  describe_aggregation(walk, form.all_to_all ? "median" : "clipped_gossip", scenario.servers);
  describe_start(walk, "node", scenario);
  describe_batch(walk, scenario);
  if (walk.visits(form.all_to_all)) describe_gradients(walk, scenario.workers);
  walk.leave();
  scenario.compressor = default_choice(compressors().declarations(), "none");
  scenario.algorithm = default_choice(worker_algorithms().declarations(), "none");
  // Every node takes part in every step.
  scenario.participation = default_choice(participations().declarations(), "all");
  if (walk.visits(form.graph)) {
    describe_graph(walk, plan);
    scenario.on_graph = std::move(plan);
  }
  scenario.workers.count = scenario.servers.count;
  scenario.workers.byzantine = scenario.servers.byzantine;
}

void describe_servers_and_workers(ScenarioWalk& walk, Scenario& scenario) {
  describe_group(walk, "servers", "parameter servers: replicas of the model", "median", 5,
                 scenario.servers);
  describe_start(walk, "server", scenario);
  walk.field(integer("root_examples", 0, 0, 1e9,
                     "number of training examples that every server holds itself, drawn without "
                     "replacement, for rules that compare gradients with its own (fltrust, zeno); "
                     "0: none")
                 .omitted_at_default(),
             scenario.root_examples);
  walk.leave();
  describe_group(walk, "workers", "workers: they compute gradients", "mda", 20, scenario.workers);
  describe_batch(walk, scenario);
  describe_participation(walk, scenario);
  describe_compression(walk, scenario);
  walk.leave();
}

}  // namespace byzsim
