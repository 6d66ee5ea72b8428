// The walk over all fields. Its order is that of written scenarios, and so of what ids are taken
// from: a key that moves changes every id.

#include "sim/scenario/scenario.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/clients/local_work.h"
#include "core/clients/participation.h"
#include "core/datasets/augmentation.h"
#include "core/datasets/dataset.h"
#include "core/datasets/normalisation.h"
#include "core/graphs/placement.h"
#include "core/graphs/topology.h"
#include "core/input/parameter_reader.h"
#include "core/input/units.h"
#include "core/models/model.h"
#include "core/partitions/partition.h"
#include "core/pre_aggregators/pre_aggregator.h"
#include "core/rates/rate.h"
#include "core/rules/rule.h"
#include "core/server_optimizers/server_optimizer.h"
#include "sim/network/delays/delay.h"
#include "sim/network/faults/fault.h"
#include "sim/world/node_id.h"

namespace byzsim {
namespace {

constexpr double kFarthestStart = 1e30;  // float32 holds it, and differences of two

/// How a scenario describes its nodes.
struct Form {
  bool graph = false;       // nodes on a graph
  bool all_to_all = false;  // nodes that all exchange vectors with each other
  bool groups = false;      // servers and workers
};

// By declarations alone: protocols stand on a floor above. Where all nodes exchanged vectors with
// each other, servers and workers were described once, which are still read.
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

template <class T>
void visit_as(ScenarioWalk& walk, const Parameter& declared, T& member) {
  Value value = member;
  walk.value(declared, value);
  member = std::get<T>(value);
}

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

// Not written where it is at its default, so that what is written of earlier scenarios stays.
void describe_later_choice(ScenarioWalk& walk, const std::string& key, const std::string& kind,
                           const std::vector<Declaration>& among, Choice& choice) {
  const std::string& fallback = among.front().name;
  const Choice by_default = default_choice(among, fallback);
  if (choice.name.empty()) choice = by_default;
  if (walk.has(key, choice != by_default)) walk.choice(key, kind, among, fallback, choice);
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

// Of a protocol whose nodes are servers and workers at once, instead of these.
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
  walk.leave();
  describe_group(walk, "workers", "workers: they compute gradients", "mda", 20, scenario.workers);
  describe_batch(walk, scenario);
  describe_participation(walk, scenario);
  walk.leave();
}

void describe_model_start(ScenarioWalk& walk, Scenario& scenario) {
  walk.field(path("start",
                  "a file of its parameters (.npy) that every server begins with, as "
                  "`byzsim run --models` writes it; empty: they are drawn")
                 .omitted_at_default(),
             scenario.model_start);
}

// Neither is written where it is left out, so that what is written of earlier scenarios stays.
void describe_preparation(ScenarioWalk& walk, Scenario& scenario) {
  if (walk.has("normalise", scenario.normalise.name != "none"))
    walk.choice("normalise", "normalisation", normalisations(), "none", scenario.normalise);
  if (walk.has("augmentation", !scenario.augmentation.empty()))
    walk.choices("augmentation", "augmentation", augmentations(), scenario.augmentation);
}

void describe_optimizer(ScenarioWalk& walk, Scenario& scenario) {
  walk.enter("optimizer", "stochastic gradient descent");
  walk.choice("rate", "rate", rates().declarations(), "constant", scenario.rate);
  walk.field(real("momentum", 0, 0, 0.9999, "beta of m <- beta m + (1 - beta) g; 0: none"),
             scenario.momentum);
  walk.field("momentum_at",
             "where it is kept: at each worker for its gradients, or at each server for its "
             "aggregates",
             scenario.momentum_at);
  walk.field(flag("nesterov", false,
                  "follow beta m + (1 - beta) g, with m the momentum after the gradient g, instead "
                  "of m")
                 .omitted_at_default(),
             scenario.nesterov);
  walk.field(real("weight_decay", 0, 0, 1, "added to the update as weight_decay * model"),
             scenario.weight_decay);
  describe_later_choice(walk, "server", "server optimizer", server_optimizers().declarations(),
                        scenario.server_optimizer);
  walk.leave();
}

void describe_rushing(ScenarioWalk& walk, std::optional<Rushing>& rushing) {
  const Parameter declared =
      integer("rushing", 1, 1, double(kMostNodes),
              "Byzantine nodes send once this number of honest nodes of their kind have "
              "sent in the same step (all of them, where there are fewer or with "
              "\"all\"), and their messages arrive at once; off: they send when an honest "
              "node in their place would, and see what has been begun by then")
          .or_default_word("off")
          .or_word("all");
  // Three states in one key: off, a number, or all, which is an empty number.
  Value held = std::string("off");
  if (rushing && rushing->honest)
    held = *rushing->honest;
  else if (rushing)
    held = std::string("all");
  walk.value(declared, held);
  const auto* number = std::get_if<std::int64_t>(&held);
  if (number)
    rushing = Rushing{*number};
  else if (std::get<std::string>(held) == "all")
    rushing = Rushing{};
  else
    rushing.reset();
}

// Of nodes that are servers and workers at once; another attack on gradients where they are sent.
void describe_attack_of_nodes(ScenarioWalk& walk, const Form& form, Scenario& scenario,
                              const ScenarioTables& tables) {
  Choice gradients = scenario.worker_attack;
  const bool another = gradients != scenario.server_attack;
  walk.choice("nodes", "attack", tables.attacks, "reversed", scenario.server_attack);
  scenario.worker_attack = scenario.server_attack;
  if (!walk.visits(form.all_to_all) || !walk.has("gradients", another)) return;
  walk.choice("gradients", "attack", tables.attacks, "reversed", gradients);
  scenario.worker_attack = std::move(gradients);
}

void describe_adversary(ScenarioWalk& walk, const Form& form, Scenario& scenario,
                        const ScenarioTables& tables) {
  walk.enter("adversary", "what Byzantine nodes send and know, and when messages arrive");
  if (walk.visits(form.groups)) {
    walk.choice("workers", "attack", tables.attacks, "reversed", scenario.worker_attack);
    walk.choice("servers", "attack", tables.attacks, "reversed", scenario.server_attack);
  }
  if (walk.visits(!form.groups)) describe_attack_of_nodes(walk, form, scenario, tables);
  walk.choice("scheduler", "scheduler", tables.schedulers, "random", scenario.scheduler);
  walk.field("knowledge",
             "what attacks see of the same step: the vectors that honest nodes have begun or "
             "sent by then, the vectors that Byzantine nodes would send if they were honest, "
             "none, or on a graph those of the receiver and its honest neighbours",
             scenario.knowledge);
  describe_rushing(walk, scenario.rushing);
  // Not written where it is empty, so that scenarios without one keep their ids.
  if (walk.has("script", !scenario.script.empty())) {
    walk.enter("script", "single decisions of the adversary");
    describe(scenario.script, walk, tables, !form.groups);
    walk.leave();
  }
  walk.leave();
}

// Not written where there is none, so that scenarios without one keep their ids.
void describe_origin(ScenarioWalk& walk, Scenario& scenario) {
  if (!walk.has("origin", scenario.origin.has_value())) return;
  Origin origin = scenario.origin.value_or(Origin{});
  walk.enter("origin", "the run that this one is a branch of, and where it begins");
  walk.scenario("scenario", "the other run's scenario", origin.trunk);
  walk.field(integer("event", 0, 0, kLargestInteger, "how many of its events have happened"),
             origin.event);
  walk.leave();
  scenario.origin = std::move(origin);
}

void describe_link(ScenarioWalk& walk, LinkDelay& link) {
  walk.field(text("from", "all",
                  "senders: \"all\", \"servers\", \"worker 3\", \"workers 0-4\", or on a graph "
                  "\"nodes\", \"node 3\", \"nodes 0-4\""),
             link.from);
  walk.field(text("to", "all", "receivers, written as senders are"), link.to);
  walk.choice("delay", "delay", delays().declarations(), "exponential", link.delay);
}

void describe_network(ScenarioWalk& walk, Scenario& scenario) {
  walk.enter("network", "how long messages travel");
  walk.choice("delay", "delay", delays().declarations(), "exponential", scenario.delay);
  walk.list("links", "delays of some links; the last that matches applies", scenario.links,
            [&](LinkDelay& link) { describe_link(walk, link); });
  walk.field(rate("server_bandwidth", 0,
                  "each way at a server, shared equally by its concurrent transfers")
                 .or_default_word("unlimited"),
             scenario.network.server_bandwidth);
  walk.field(rate("worker_bandwidth", 0, "the same at a worker").or_default_word("unlimited"),
             scenario.network.worker_bandwidth);
  walk.field(rate("serialization", 0, "how fast one thread turns vectors into messages and back")
                 .or_default_word("unlimited"),
             scenario.network.serialization);
  walk.field(integer("server_threads", 1, 1, 1024, "threads that do so at a server"),
             scenario.network.server_threads);
  walk.field(integer("worker_threads", 1, 1, 1024, "threads that do so at a worker"),
             scenario.network.worker_threads);
  walk.choices("faults", "fault", faults().declarations(), scenario.faults);
  walk.leave();
}

void describe_compute(ScenarioWalk& walk, Scenario& scenario) {
  walk.enter("compute", "simulated duration of computations");
  walk.choice("gradient", "delay", delays().declarations(), "constant", scenario.gradient_time);
  walk.field(duration("sample", 0, 0, kLongestDuration, "added for each example of the batch"),
             scenario.sample_time);
  walk.choice("aggregation", "delay", delays().declarations(), "constant",
              scenario.aggregation_time);
  walk.field(integer("operations_per_second", 1, 1, 1e18,
                     "adds the rule's operations (`byzsim describe RULE`: its cost) at "
                     "this rate to an aggregation")
                 .or_default_word("unlimited"),
             scenario.operations_per_second);
  walk.leave();
}

void describe_plugin(ScenarioWalk& walk, PluginFile& plugin) {
  walk.field(text("file", "", "its path"), plugin.file);
  walk.field(text("digest", "", "of its bytes: 16 hex digits"), plugin.digest);
}

void describe_expectation(ScenarioWalk& walk, const ScenarioTables& tables,
                          Expectation& expectation) {
  std::vector<std::string> metrics;
  for (const MetricDescription& metric : tables.metrics) metrics.push_back(metric.name);
  walk.field(word("metric", metrics, "a column of metrics.csv, or a total of the run"),
             expectation.metric);
  walk.field("at", "of the last row, or over all rows", expectation.at);
  walk.field("relation", "what must hold", expectation.relation);
  walk.field(real("value", 0, -kUnbounded, kUnbounded, "what it is compared with"),
             expectation.value);
}

}  // namespace

const std::vector<Declaration>& kept_outputs() {
  static const std::vector<Declaration> outputs = {
      {"models",
       "the models of the honest servers at the end, as float32 in NumPy's format (.npy)",
       "",
       {integer("every", 1, 1, 1e9, "also those of every step that is a multiple of this")
            .or_default_word("never")}}};
  return outputs;
}

std::optional<std::int64_t> Scenario::keeps_models_every() const {
  // One output is declared, and none is kept twice.
  if (keep.empty() || keep.front().parameters.is_word("every")) return std::nullopt;
  return keep.front().parameters.integer("every");
}

std::string place_of_group(const Scenario& scenario, Role role) {
  const bool server = role == Role::server;
  if (!scenario.one_role) return server ? "/servers" : "/workers";
  return server || scenario.on_graph ? "/nodes" : "/nodes/gradients";
}

std::string place_of_attack(const Scenario& scenario, Role role) {
  const bool server = role == Role::server;
  if (!scenario.one_role) return server ? "/adversary/servers" : "/adversary/workers";
  return server || scenario.on_graph ? "/adversary/nodes" : "/adversary/gradients";
}

Aggregation aggregation_of(const Group& group) {
  return {group.pre, group.aggregator, static_cast<int>(group.byzantine.declared)};
}

void ScenarioWalk::field(const Parameter& declared, bool& member) {
  visit_as(*this, declared, member);
}
void ScenarioWalk::field(const Parameter& declared, std::int64_t& member) {
  visit_as(*this, declared, member);
}
void ScenarioWalk::field(const Parameter& declared, double& member) {
  visit_as(*this, declared, member);
}
void ScenarioWalk::field(const Parameter& declared, std::string& member) {
  visit_as(*this, declared, member);
}
void ScenarioWalk::field(const Parameter& declared, std::vector<double>& member) {
  visit_as(*this, declared, member);
}
void ScenarioWalk::field(const Parameter& declared, std::vector<std::int64_t>& member) {
  visit_as(*this, declared, member);
}
void ScenarioWalk::field(const Parameter& declared, std::uint64_t& member) {
  // The same 64 bits: the values of parameters have no unsigned type.
  Value bits = static_cast<std::int64_t>(member);
  value(declared, bits);
  member = static_cast<std::uint64_t>(std::get<std::int64_t>(bits));
}
void ScenarioWalk::field(const Parameter& declared, std::optional<std::int64_t>& member) {
  Value held = member ? Value(*member) : Value(declared.words.front());
  value(declared, held);
  const auto* number = std::get_if<std::int64_t>(&held);
  // The word itself is not kept: a parameter has one, and the empty optional stands for it.
  member = number ? std::optional(*number) : std::nullopt;
}

void describe(Scenario& scenario, ScenarioWalk& walk, const ScenarioTables& tables) {
  walk.field(text("name", "unnamed", "names the run and its directory: letters, digits, - _ ."),
             scenario.name);
  walk.field(text("summary", "", "one sentence; changes nothing"), scenario.summary);
  walk.field(seed("seed", 1, "seed of all random streams"), scenario.seed);
  walk.field(integer("steps", 100, 1, 1e9, "model updates of every server"), scenario.steps);
  walk.field(duration("time_limit", 0, 0, kLongestDuration,
                      "simulated time at which the run ends; 0 ns: no limit"),
             scenario.time_limit);
  walk.field(flag("unsafe", false, "permit counts that break the conditions on n, f and q"),
             scenario.unsafe);
  walk.list("plugins",
            "shared libraries with further strategies; a file whose digest differs from the given "
            "one is refused",
            scenario.plugins, [&](PluginFile& plugin) { describe_plugin(walk, plugin); });
  std::vector<Declaration> protocols;
  for (const ProtocolConditions& each : tables.protocols) protocols.push_back(each.declaration);
  walk.choice("protocol", "protocol", protocols, "byzsgd", scenario.protocol);
  // By the protocol, which has been read: the other keys are unknown ones then.
  const Form form = form_of(walk, scenario.protocol, tables);
  scenario.one_role = has_one_role(scenario.protocol, tables);
  if (walk.visits(form.groups)) describe_servers_and_workers(walk, scenario);
  if (walk.visits(!form.groups)) describe_nodes(walk, form, scenario);
  walk.field("numbers",
             "real: models are trained; none: time and messages only, with blank vectors of "
             "`dimension`",
             scenario.numbers);
  walk.field(integer("dimension", 1, 1, 1e12,
                     "parameters of the model without numbers; auto: the model's own")
                 .or_default_word("auto"),
             scenario.dimension);
  walk.choice_beside("model", "model", models().declarations(), "mlp", scenario.model, {"start"},
                     [&] { describe_model_start(walk, scenario); });
  walk.choice_beside("data", "data set", datasets().declarations(), "glyphs", scenario.data,
                     {"normalise", "augmentation"}, [&] { describe_preparation(walk, scenario); });
  walk.choice("partition", "partition", partitions().declarations(), "iid", scenario.partition);
  describe_optimizer(walk, scenario);
  describe_adversary(walk, form, scenario, tables);
  describe_network(walk, scenario);
  describe_compute(walk, scenario);
  walk.enter("metrics", "what is recorded");
  walk.field(integer("every", 10, 1, 1e9,
                     "steps between two rows; the first and the last step "
                     "are always recorded"),
             scenario.metrics_every);
  walk.leave();
  // Not written where it is empty, so that what is written of earlier scenarios stays.
  if (walk.has("keep", !scenario.keep.empty()))
    walk.choices("keep", "output", kept_outputs(), scenario.keep);
  walk.list("expect", "statements that the run must satisfy", scenario.expect,
            [&](Expectation& expectation) { describe_expectation(walk, tables, expectation); });
  describe_origin(walk, scenario);
}

}  // namespace byzsim
