// Suspects are listed whatever they are set to, and filtered once by what is set: a default that
// has no effect surprises nobody.

#include "sim/scenario/unused_settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/input/json.h"
#include "core/input/parameter_reader.h"
#include "core/models/model.h"
#include "core/rules/rule.h"
#include "core/worker_algorithms/worker_algorithm.h"
#include "sim/scenario/compression_checks.h"
#include "sim/scenario/node_graph.h"

namespace byzsim {
namespace {

/// Visits a scenario with the JSON pointer of every setting.
class SettingsWalk final : public ScenarioWalk {
 public:
  void enter(const std::string& key, const std::string&) override { open_.push_back(place(key)); }
  void leave() override { open_.pop_back(); }
  void value(const Parameter& declared, Value& value) override {
    // A value that was written as the default counts like one that was left out.
    if (value != declared.fallback) set_.push_back(place(declared.name));
  }
  void choice(const std::string& key, const std::string&, const std::vector<Declaration>& among,
              const std::string& fallback, Choice& choice) override {
    if (choice != default_choice(among, fallback)) set_.push_back(place(key));
    see_parameters(place(key), among, choice);
  }
  void choices(const std::string& key, const std::string&, const std::vector<Declaration>& among,
               std::vector<Choice>& choices) override {
    for (std::size_t i = 0; i < choices.size(); ++i) {
      set_.push_back(pointer_to(place(key), std::to_string(i)));
      see_parameters(set_.back(), among, choices[i]);
    }
  }
  void choice_beside(const std::string& key, const std::string& kind,
                     const std::vector<Declaration>& among, const std::string& fallback,
                     Choice& chosen, const std::vector<std::string>&,
                     const std::function<void()>& describe_beside) override {
    choice(key, kind, among, fallback, chosen);
    open_.push_back(place(key));
    describe_beside();
    open_.pop_back();
  }
  bool has(const std::string&, bool held) override { return held; }
  void node(const std::string&, const std::string&, NodeId&) override {}
  void vector(const std::string&, const std::string&, Payload&) override {}
  void scenario(const std::string&, const std::string&, std::shared_ptr<const Scenario>&) override {
  }
  std::size_t enter_list(const std::string& key, const std::string&, std::size_t size) override {
    open_.push_back(place(key));
    return size;
  }
  void enter_item(std::size_t index) override {
    open_.push_back(place(std::to_string(index)));
    // Lists are empty by default, so that every item is set.
    set_.push_back(open_.back());
  }
  void leave_list() override { open_.pop_back(); }

  /// Pointers of all that differs from its default; those of strategies stand for all of them.
  const std::vector<std::string>& set() const { return set_; }
  /// Parameters of strategies that do not count while others are as they are.
  const UnusedSettings& irrelevant() const { return irrelevant_; }

 private:
  std::string place(const std::string& key) const { return pointer_to(open_.back(), key); }
  void see_parameters(const std::string& where, const std::vector<Declaration>& among,
                      const Choice& choice) {
    const auto declaration = std::find_if(among.begin(), among.end(), [&](const Declaration& each) {
      return each.name == choice.name;
    });
    if (declaration == among.end()) return;
    for (const Parameter& each : declaration->parameters) {
      if (choice.parameters.at(each.name) == each.fallback) continue;
      const std::string pointer = pointer_to(pointer_to(where, "parameters"), each.name);
      set_.push_back(pointer);
      // By the parameter that it is relevant to, which the declaration names.
      if (counts(each, declaration->parameters, choice.parameters)) continue;
      const auto& [other, value, equal] = *each.relevance;
      irrelevant_.push_back(
          {pointer, fmt::format("it counts only {} \"{}\" is {}", equal ? "while" : "unless", other,
                                value.empty() ? "empty" : value)});
    }
  }

  std::vector<std::string> open_ = {""};
  std::vector<std::string> set_;
  UnusedSettings irrelevant_;
};

SettingsWalk settings_of(const Scenario& scenario, const ScenarioTables& tables) {
  Scenario copy = scenario;  // a walk may write; this one does not
  SettingsWalk walk;
  describe(copy, walk, tables);
  return walk;
}

bool is_within(const std::string& pointer, const std::string& place) {
  return pointer == place || pointer.starts_with(place + "/");
}

void suspect_optimizer(const Scenario& scenario, UnusedSettings& suspects) {
  if (scenario.momentum == 0)
    suspects.push_back({"/optimizer/momentum_at", "there is no momentum"});
}

void suspect_local_training(const Scenario& scenario, UnusedSettings& suspects) {
  const auto& [work, parameters] = scenario.local_steps;
  if (work == "steps" && parameters.integer("count") == 1)
    suspects.push_back({place_of_group(scenario, Role::worker) + "/proximal",
                        "the only local step begins at the model that it would pull back to"});
  if (scenario.protocol.name == "fedavg" &&
      !rules().at(scenario.workers.aggregator.name).uses_weights)
    suspects.push_back({"/protocol/parameters/weights",
                        scenario.workers.aggregator.name + " takes all vectors alike"});
}

// Whether a statement about a step holds whatever its coin shows.
template <class Statement>
bool holds_in_every_step(const Parameters& parameters, const Statement& statement) {
  const double p = coin_probability(parameters);
  return (p == 0 || statement(AlgorithmStep{parameters, false, true, 0})) &&
         (p == 1 || statement(AlgorithmStep{parameters, false, false, 0}));
}

void suspect_algorithm(const Scenario& scenario, UnusedSettings& suspects) {
  if (!follows_algorithm(scenario)) return;
  const auto& [name, parameters] = scenario.algorithm;
  const WorkerAlgorithm& algorithm = worker_algorithms().at(name);
  if (takes_all_examples(parameters) &&
      holds_in_every_step(parameters,
                          [&](const AlgorithmStep& step) { return algorithm.batches(step) == 0; }))
    suspects.push_back({"/workers/batches", name + " takes gradients of all examples"});
  if (holds_in_every_step(parameters, algorithm.dense))
    for (const char* where : {"/workers/compressor", "/workers/algorithm/parameters/around"})
      suspects.push_back({where, "every message by " + name + " is whole"});
  if (name == "rosdhb" && parameters.real("beta") == 0)
    suspects.push_back({"/workers/algorithm", "beta is 0: nothing of the momentum before is kept"});
  if (scenario.numbers == Numbers::none)
    for (const char* parameter : {"beta", "a", "around"})
      suspects.push_back({fmt::format("/workers/algorithm/parameters/{}", parameter),
                          "a run without numbers makes no vectors"});
}

void suspect_participation(const Scenario& scenario, UnusedSettings& suspects) {
  const auto& [how, parameters] = scenario.participation;
  if (how == "count" && !parameters.flag("replacement") &&
      parameters.integer("count") > scenario.workers.count)
    suspects.push_back({"/workers/participation",
                        fmt::format("there are {} workers, and all take part in every round",
                                    scenario.workers.count)});
}

// The parameters of the protocols that damp what is stale.
void suspect_damping(const Scenario& scenario, UnusedSettings& suspects) {
  for (const auto& [name, value] : scenario.protocol.parameters.values())
    if (name == "damping" && (value == Value("none") || value == Value("inverse")))
      suspects.push_back({"/protocol/parameters/alpha",
                          fmt::format("the damping is {}", std::get<std::string>(value))});
}

// A node that is both has what servers have.
void suspect_network_of_workers(const Scenario& scenario, UnusedSettings& suspects) {
  if (!scenario.one_role || scenario.on_graph) return;
  const std::string why = "every node has what servers have";
  suspects.push_back({"/network/worker_bandwidth", why + " (/network/server_bandwidth)"});
  suspects.push_back({"/network/worker_threads", why + " (/network/server_threads)"});
}

// Graphs of steps that the run does not reach.
void suspect_later_graphs(const Scenario& scenario, UnusedSettings& suspects) {
  const GraphPlan& plan = *scenario.on_graph;
  const auto suspect_period = [&](std::int64_t begin, std::int64_t end,
                                  std::optional<std::int64_t> every, const std::string& where) {
    if (every && begin < end && *every >= end - begin)
      suspects.push_back({where + "/every", fmt::format("the graph is used for {} steps, and is "
                                                        "first drawn again after {}",
                                                        end - begin, *every)});
  };
  const auto begin_of = [&](std::size_t change) {
    return change < plan.changes.size() ? std::min(plan.changes[change].step, scenario.steps)
                                        : scenario.steps;
  };
  suspect_period(0, begin_of(0), plan.every, "/topology");
  for (std::size_t i = 0; i < plan.changes.size(); ++i) {
    const std::string where = fmt::format("/topology_changes/{}", i);
    if (plan.changes[i].step >= scenario.steps)
      suspects.push_back({where, fmt::format("the last step is {}", scenario.steps - 1)});
    suspect_period(begin_of(i), begin_of(i + 1), plan.changes[i].every, where + "/topology");
  }
}

// A node of a graph is a server and a worker at once.
void suspect_graph(const Scenario& scenario, UnusedSettings& suspects) {
  if (!scenario.on_graph) return;
  const std::string at_servers = "every node of a graph has what servers have";
  suspects.push_back({"/network/worker_bandwidth", at_servers + " (/network/server_bandwidth)"});
  suspects.push_back({"/network/worker_threads", at_servers + " (/network/server_threads)"});
  suspects.push_back({"/optimizer/momentum_at", "a node keeps the momentum of its own gradients"});
  const std::string& rule = scenario.servers.aggregator.name;
  if (scenario.on_graph->topology.name == "random_out")
    suspects.push_back({"/protocol/parameters/peers", "/topology/parameters/peers states them"});
  if (drawn_peers(scenario))
    suspects.push_back({"/nodes/weights", "nodes that are drawn weigh alike"});
  else if (!rules().at(rule).uses_weights)
    suspects.push_back({"/nodes/weights", rule + " takes all vectors alike"});
}

void suspect_training(const Scenario& scenario, UnusedSettings& suspects) {
  if (scenario.numbers != Numbers::none) return;
  for (const char* where : {"/model", "/data", "/partition", "/optimizer", "/servers/root_examples",
                            "/protocol/parameters/exchange"})
    suspects.push_back({where, "a run without numbers trains nothing"});
  // Otherwise the batch still decides how long a gradient takes.
  if (scenario.sample_time == 0)
    suspects.push_back({scenario.one_role ? "/nodes/batch_size" : "/workers/batch_size",
                        "a run without numbers draws no examples, and they take no time"});
}

// Of what is held back, only the share that is classified correctly is measured. A plugin without
// a condition may predict classes.
void suspect_validation(const Scenario& scenario, UnusedSettings& suspects) {
  const ModelEntry& model = models().at(scenario.model.name);
  const bool needs_no_class = model.problem == nullptr
                                  ? !model.declaration.plugin
                                  : !model.problem(scenario.model.parameters, {1, 0});
  if (needs_no_class)
    suspects.push_back({"/data/validation",
                        scenario.model.name +
                            " predicts no class, so that validation_accuracy is undefined; the "
                            "examples are held back from training anyway"});
}

void suspect_root_examples(const Scenario& scenario, UnusedSettings& suspects) {
  const std::string& rule = scenario.workers.aggregator.name;
  // Zeno++ compares gradients with its own without a rule.
  if (!rules().at(rule).needs_reference && scenario.protocol.name != "zeno_plus_plus")
    suspects.push_back(
        {"/servers/root_examples", rule + " compares gradients with none of the server's own"});
}

void suspect_threads(const Scenario& scenario, UnusedSettings& suspects) {
  if (scenario.network.serialization) return;
  for (const char* where : {"/network/server_threads", "/network/worker_threads"})
    suspects.push_back({where, "serialization takes no time (/network/serialization)"});
}

// A fault that can change nothing, whatever happens.
std::string idle_because(const Choice& fault) {
  for (const auto& [name, value] : fault.parameters.values()) {
    if (name == "nodes" && value == Value("none")) return "it names no nodes";
    if (name == "probability" && value == Value(0.0)) return "its probability is 0";
    if (name == "factor" && value == Value(1.0)) return "its factor is 1";
  }
  return "";
}

void suspect_faults(const Scenario& scenario, UnusedSettings& suspects) {
  for (std::size_t i = 0; i < scenario.faults.size(); ++i)
    if (const std::string why = idle_because(scenario.faults[i]); !why.empty())
      suspects.push_back({fmt::format("/network/faults/{}", i), why});
}

void suspect_links(const Scenario& scenario, UnusedSettings& suspects) {
  for (std::size_t i = 0; i < scenario.links.size(); ++i)
    if (scenario.links[i].from == "none" || scenario.links[i].to == "none")
      suspects.push_back({fmt::format("/network/links/{}", i), "it names no nodes"});
}

}  // namespace

UnusedSettings without_effect(const Scenario& scenario, const ScenarioTables& tables) {
  UnusedSettings suspects;
  suspect_training(scenario, suspects);
  suspect_graph(scenario, suspects);
  if (scenario.on_graph) suspect_later_graphs(scenario, suspects);
  suspect_network_of_workers(scenario, suspects);
  suspect_optimizer(scenario, suspects);
  suspect_local_training(scenario, suspects);
  suspect_participation(scenario, suspects);
  suspect_algorithm(scenario, suspects);
  suspect_damping(scenario, suspects);
  suspect_validation(scenario, suspects);
  suspect_root_examples(scenario, suspects);
  suspect_threads(scenario, suspects);
  suspect_links(scenario, suspects);
  suspect_faults(scenario, suspects);
  const UnusedSettings irrelevant = settings_of(scenario, tables).irrelevant();
  suspects.insert(suspects.end(), irrelevant.begin(), irrelevant.end());
  return suspects;
}

UnusedSettings those_set(const UnusedSettings& suspects, const Scenario& scenario,
                         const ScenarioTables& tables) {
  const SettingsWalk walk = settings_of(scenario, tables);
  UnusedSettings found;
  for (const UnusedSetting& suspect : suspects) {
    const bool is_set =
        std::any_of(walk.set().begin(), walk.set().end(),
                    [&](const std::string& each) { return is_within(each, suspect.where); });
    // An object that is reported covers all that it holds.
    const bool known = std::any_of(found.begin(), found.end(), [&](const UnusedSetting& each) {
      return is_within(suspect.where, each.where);
    });
    if (is_set && !known) found.push_back(suspect);
  }
  return found;
}

}  // namespace byzsim
