// The walk over all fields. Its order is that of written scenarios, and so of what ids are taken
// from: a key that moves changes every id.

#include "sim/scenario/scenario.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/datasets/augmentation.h"
#include "core/datasets/dataset.h"
#include "core/datasets/normalisation.h"
#include "core/input/units.h"
#include "core/models/model.h"
#include "core/partitions/partition.h"
#include "core/rates/rate.h"
#include "core/server_optimizers/server_optimizer.h"
#include "sim/network/delays/delay.h"
#include "sim/network/faults/fault.h"
#include "sim/scenario/scenario_nodes.h"
#include "sim/world/node_id.h"

namespace byzsim {
namespace {

template <class T>
void visit_as(ScenarioWalk& walk, const Parameter& declared, T& member) {
  Value value = member;
  walk.value(declared, value);
  member = std::get<T>(value);
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
  walk.field(
      real("validation", 0, 0, 0.99,
           "share of the training examples, drawn from the seed, that no worker trains on and "
           "validation_accuracy is of; 0: none")
          .omitted_at_default(),
      scenario.validation);
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
    describe(scenario.script, walk, tables, form.graph);
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
  // Gradients are attacked as models are where nothing else is given.
  const bool same = scenario.on_graph || scenario.worker_attack == scenario.server_attack;
  return server || same ? "/adversary/nodes" : "/adversary/gradients";
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
  walk.field(
      integer("dimension", 1, 1, 1e12,
              "parameters of the vectors of a run without numbers, which needs it; auto: the "
              "model's own, with numbers")
          .or_default_word("auto"),
      scenario.dimension);
  walk.choice_beside("model", "model", models().declarations(), "mlp", scenario.model, {"start"},
                     [&] { describe_model_start(walk, scenario); });
  walk.choice_beside("data", "data set", datasets().declarations(), "glyphs", scenario.data,
                     {"normalise", "augmentation", "validation"},
                     [&] { describe_preparation(walk, scenario); });
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
