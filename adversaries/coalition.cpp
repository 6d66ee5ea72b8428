#include "adversaries/coalition.h"

#include <algorithm>

#include "adversaries/crafting.h"
#include "adversaries/schedulers/scheduler.h"
#include "adversaries/unused_attacks.h"
#include "core/check.h"
#include "core/input/archive.h"
#include "core/input/issue.h"
#include "core/input/units.h"
#include "sim/protocols/protocol.h"
#include "sim/scenario/halves.h"
#include "sim/scenario/node_graph.h"
#include "sim/scenario/scenario_checks.h"
#include "sim/world/draw_names.h"

namespace byzsim {
namespace {

Stream stream_of(const PendingSend& pending, std::uint64_t seed) {
  // The receiver is no part of the name: receivers of one decision are sent one vector.
  return Stream(seed, Purpose::attack, pending.sender.code() << 24, draw_counter(pending.key()));
}

// Servers aggregate gradients by the workers' rule, whoever computed them.
bool is_about_gradients(Phase phase) {
  return phase == Phase::gradient || phase == Phase::agreement;
}

bool as_worker(const PendingSend& pending) { return is_about_gradients(pending.phase); }

const Choice& choice_for(const Scenario& scenario, bool worker) {
  return worker ? scenario.worker_attack : scenario.server_attack;
}

const Choice& attack_at(const Scenario& scenario, const Script& script, std::int64_t step,
                        bool worker) {
  // A move may choose one thing and leave the others as they are.
  const Choice* moved = in_force(script, step, worker ? &Move::workers : &Move::servers);
  return moved ? *moved : choice_for(scenario, worker);
}

bool is_silent(const Choice& attack) { return attacks().at(attack.name).silent(); }

// The vectors that the attack may look at.
std::span<const Heard> known(const Attack& attack, const AdversaryView& view) {
  // Others' vectors are only for attacks that ask: a run pays for having them.
  if (!attack.uses_honest || view.scenario.knowledge == Knowledge::blind) return {};
  return view.scenario.knowledge == Knowledge::own_messages ? view.corrupted : view.honest;
}

bool are_twins(const Scenario& scenario, Role role) {
  const Group& group = scenario.group_of(role);
  return group.byzantine.actual > 0 &&
         attacks().at(choice_for(scenario, role == Role::worker).name).twins;
}

// Twins tell two halves of the nodes different things, which there must be: workers speak to
// servers, servers to both.
void check_twins(const Scenario& scenario) {
  const bool halves_of_servers = scenario.servers.correct() > 1;
  if (scenario.on_graph && are_twins(scenario, Role::server) && !halves_of_servers)
    throw InputError(
        {place_of_attack(scenario, Role::server),
         "twins separate the honest nodes that receive from a node, and there is only one",
         "choose another attack, or have more honest nodes"});
  if (are_twins(scenario, Role::worker) && !halves_of_servers)
    throw InputError(
        {place_of_attack(scenario, Role::worker),
         "twins separate the honest servers that receive from a worker, and there is only one",
         "choose another attack, or a protocol of replicated servers"});
  if (are_twins(scenario, Role::server) && !halves_of_servers && scenario.workers.correct() < 2)
    throw InputError(
        {place_of_attack(scenario, Role::server),
         "twins separate the honest nodes that receive from a server, and no role has two of them",
         "choose another attack, or have more honest nodes"});
  if (protocols().at(scenario.protocol.name).one_role && are_twins(scenario, Role::worker) &&
      !are_twins(scenario, Role::server))
    throw InputError({place_of_attack(scenario, Role::worker),
                      "nodes of " + scenario.protocol.name +
                          " are servers and workers at once, so twins must act as both",
                      "choose twins for " + place_of_attack(scenario, Role::server) + " too"});
}

// How many steps back an attack replays what its node would have sent.
std::int64_t memory_for(const Choice& attack) {
  return attacks().at(attack.name).replays ? attack.parameters.integer("steps") : 0;
}

std::int64_t memory_for(const Script& script) {
  std::int64_t memory = 0;
  for (const Move& move : script.moves)
    for (const auto& attack : {move.workers, move.servers})
      if (attack) memory = std::max(memory, memory_for(*attack));
  for (const Forgery& forgery : script.forgeries)
    if (forgery.attack) memory = std::max(memory, memory_for(*forgery.attack));
  return memory;
}

// What a node is from the beginning or not at all cannot be taken up later.
void check_taken_up(const std::string& where, const Choice& attack, const Scenario& scenario,
                    bool worker) {
  const Attack& entry = attacks().at(attack.name);
  const Attack& before = attacks().at(choice_for(scenario, worker).name);
  const bool late =
      (entry.twins && !before.twins) || (entry.acts_on_data() && !before.acts_on_data());
  if (!late) return;
  throw InputError(
      {where, "\"" + attack.name + "\" decides from the first step on how a node computes",
       "choose it for " + place_of_attack(scenario, worker ? Role::worker : Role::server) +
           ", or another attack here"});
}

// The nodes that a scheduler names are nodes of the scenario.
void check_victims(const std::string& where, const Choice& scheduler, const Scenario& scenario) {
  const std::string& parameter = schedulers().at(scheduler.name).named_nodes;
  if (parameter.empty()) return;
  Issues issues;
  check_named_nodes(where + "/parameters/" + parameter, scheduler.parameters.text(parameter),
                    scenario, issues);
  throw_if_any(issues);
}

void check_script(const Scenario& scenario, const Script& script, const std::string& where) {
  for (std::size_t i = 0; i < script.moves.size(); ++i) {
    const Move& move = script.moves[i];
    const std::string at = where + "/moves/" + std::to_string(i);
    if (move.workers) check_taken_up(at + "/workers", *move.workers, scenario, true);
    if (move.servers)
      check_taken_up(at + place_of_group(scenario, Role::server), *move.servers, scenario, false);
    if (move.scheduler) check_victims(at + "/scheduler", *move.scheduler, scenario);
  }
  for (std::size_t i = 0; i < script.forgeries.size(); ++i) {
    const Forgery& forgery = script.forgeries[i];
    const bool worker =
        is_about_gradients(forgery.key.phase) || forgery.sender.role == Role::worker;
    if (forgery.attack)
      check_taken_up(where + "/words/" + std::to_string(i) + "/attack", *forgery.attack, scenario,
                     worker);
  }
}

// Whether what a receiver is sent depends on who it is.
bool is_for_target(const Scenario& scenario, const Choice& choice) {
  const Attack& attack = attacks().at(choice.name);
  return scenario.graphs != nullptr &&
         (attack.needs_graph(choice.parameters) || attack.searches ||
          (attack.uses_honest && scenario.knowledge == Knowledge::neighbourhood));
}

}  // namespace

bool is_rushed(const Dispatch& dispatch) {
  return dispatch.scenario.rushing &&
         (dispatch.byzantine_sender || dispatch.scenario.is_byzantine(dispatch.receiver));
}

std::size_t Coalition::awaits(const Scenario& scenario, NodeId node) const {
  BYZ_CHECK(scenario.is_byzantine(node), "only Byzantine nodes wait for others");
  // Without rushing it sends when an honest node would, with what it has seen by then.
  if (!scenario.rushing) return 0;
  return static_cast<std::size_t>(scenario.rushing->awaited(scenario.group_of(node.role)));
}

bool Coalition::silent(const Scenario& scenario, const PendingSend& pending, NodeId receiver) {
  if (const Forgery* forgery = forgery_for(pending, receiver))
    // A forged vector has no place in a message without one; that is not silence.
    return forgery->attack && is_silent(*forgery->attack);
  return is_silent(
      attack_at(scenario, *script_, pending.step, pending.sender.role == Role::worker));
}

std::optional<std::int64_t> Coalition::twins(const Scenario& scenario, NodeId node) const {
  const Choice& choice = choice_for(scenario, node.role == Role::worker);
  // The scenario alone decides: no script makes twins later (check_taken_up).
  if (!attacks().at(choice.name).twins) return std::nullopt;
  return choice.parameters.duration_ns("later");
}

std::int64_t Coalition::computing_time(const Scenario& scenario, std::int64_t drawn) const {
  BYZ_CHECK(drawn >= 0, "a computation takes no negative time");
  return scenario.rushing ? 0 : drawn;
}

std::int64_t Coalition::delay(const Dispatch& dispatch) {
  if (const ScriptedDelivery* found = delivery_in(*script_, dispatch.message, dispatch.receiver)) {
    used_.deliveries[static_cast<std::size_t>(found - script_->deliveries.data())] = true;
    return found->delay;
  }
  // Messages from and to rushing nodes arrive at once: no scheduler has a say in them.
  if (is_rushed(dispatch)) return 0;
  const Choice* moved = in_force(*script_, dispatch.message.step, &Move::scheduler);
  const Choice& choice = moved ? *moved : dispatch.scenario.scheduler;
  Dispatch seen = dispatch;
  // The halves that a scheduler separates are those of the script, where it names some.
  seen.script = script_.get();
  const Scheduler& scheduler = schedulers().at(choice.name);
  seen.state = state_of(Memory::of_scheduler, choice.name, scheduler.state_bytes);
  const std::int64_t delay = scheduler.delay(choice.parameters, seen);
  BYZ_CHECK(delay >= 0, "a scheduler lets no message arrive before it is sent");
  return delay;
}

void Coalition::follow(std::shared_ptr<const Script> script) {
  BYZ_CHECK(script != nullptr, "an adversary without decisions follows an empty script");
  // What is older has been forgotten by now, and could not be replayed.
  BYZ_CHECK(memory_for(*script) <= memory_, "the memory of the adversary covers its script");
  script_ = std::move(script);
  // Places of another script mean nothing in this one: its entries have yet to count.
  used_ = Used(*script_);
}

std::vector<std::string> Coalition::unused_decisions() const {
  std::vector<std::string> pointers;
  const auto add = [&](const std::string& list, const std::vector<bool>& used) {
    for (std::size_t i = 0; i < used.size(); ++i)
      if (!used[i]) pointers.push_back("/adversary/script/" + list + "/" + std::to_string(i));
  };
  add("deliveries", used_.deliveries);
  add("words", used_.forgeries);
  return pointers;
}

UnusedSettings Coalition::without_effect(const Scenario& scenario) const {
  return attacks_without_effect(scenario);
}

const Forgery* Coalition::forgery_for(const PendingSend& pending, NodeId receiver) {
  const Forgery* forgery =
      forgery_in(*script_, pending.sender, pending.key(), pending.twin, pending.repeat, receiver);
  if (forgery)
    used_.forgeries[static_cast<std::size_t>(forgery - script_->forgeries.data())] = true;
  return forgery;
}

namespace {

Decision forged_decision(const Scenario& scenario, const Forgery& forgery, NodeId receiver) {
  Decision decision{forgery.attack ? &*forgery.attack : nullptr, forgery.half, forgery.vector};
  if (forgery.attack && is_for_target(scenario, *forgery.attack)) decision.target = receiver.index;
  return decision;
}

}  // namespace

Decision Coalition::decision_for(const Scenario& scenario, const PendingSend& pending,
                                 NodeId receiver) {
  if (const Forgery* forgery = forgery_for(pending, receiver))
    return forged_decision(scenario, *forgery, receiver);
  // A node of learn is a server that also sends gradients; if silent as one thing, it is as both.
  const bool worker = pending.sender.role == Role::worker;
  const Choice& of_role = attack_at(scenario, *script_, pending.step, worker);
  const Choice& attack = is_silent(of_role)
                             ? of_role
                             : attack_at(scenario, *script_, pending.step, as_worker(pending));
  const Attack& entry = attacks().at(attack.name);
  Decision decision{
      &attack, entry.per_half ? half_of(scenario, receiver, *script_, pending.step) : 0, {}};
  if (is_for_target(scenario, attack)) decision.target = receiver.index;
  return decision;
}

// Keeps the latest that is old enough for the longest memory, and all since.
void Coalition::remember(const PendingSend& pending) {
  if (memory_ == 0 || !pending.own.has_values()) return;
  std::map<std::int64_t, Payload>& past = past_[{pending.sender, pending.phase}];
  // The first of a step stays: later rounds and the other twin do not replace it.
  past.emplace(pending.step, pending.own);
  const auto young = past.upper_bound(pending.step - memory_);
  if (young != past.begin()) past.erase(past.begin(), std::prev(young));
}

Payload Coalition::own_of(const PendingSend& pending, const Choice& choice,
                          const AdversaryView& view) const {
  if (view.scenario.knowledge == Knowledge::blind)
    return Payload(std::vector<float>(view.dimension, 0.0f));
  if (!attacks().at(choice.name).replays) return pending.own;
  const std::map<std::int64_t, Payload>& past = past_.at({pending.sender, pending.phase});
  BYZ_CHECK(!past.empty(), "what a node would have sent is remembered before it is replayed");
  // The latest that is old enough; early in a run the oldest there is.
  auto replayed = past.upper_bound(pending.step - memory_for(choice));
  if (replayed != past.begin()) replayed = std::prev(replayed);
  return replayed->second;
}

std::span<std::byte> Coalition::state_of(Memory memory, const std::string& strategy,
                                         std::size_t bytes) {
  if (bytes == 0) return {};
  std::vector<std::byte>& state = states_[{memory, strategy}];
  state.resize(bytes);
  return state;
}

Payload Coalition::answer(const PendingSend& pending, const Decision& decision,
                          const AdversaryView& view) {
  // First of all: a vector needs neither an attack nor what it would look at.
  if (decision.vector) return decision.vector;
  BYZ_CHECK(decision.attack != nullptr, "what is decided is a vector or an attack");
  BYZ_CHECK(decision.half == 0 || decision.half == 1, "there are two halves");
  const Scenario& scenario = view.scenario;
  const Choice& choice = *decision.attack;
  const Attack& attack = attacks().at(choice.name);
  if (attack.silent()) return {};
  // Without numbers every vector is blank, and so is a forged one.
  if (!pending.own.has_values()) return pending.own;
  const Group& group = as_worker(pending) ? scenario.workers : scenario.servers;
  Crafting crafting{attack,
                    choice.parameters,
                    own_of(pending, choice, view),
                    {},
                    {},
                    {},
                    {},
                    0,
                    static_cast<int>(group.count),
                    // The actual f, which the adversary knows; rules are told the declared one.
                    static_cast<int>(group.byzantine.actual),
                    stream_of(pending, scenario.seed),
                    aggregation_of(group)};
  for (const Heard& each : known(attack, view)) {
    BYZ_CHECK(each.vector.dimension() == view.dimension,
              "the vectors that an attack sees have the model's dimension");
    crafting.honest.push_back(each.vector);
    crafting.senders.push_back(each.sender);
    // Byzantine nodes are the last of their group.
    const Group& theirs = scenario.group_of(each.sender.role);
    const auto honest = static_cast<std::size_t>(theirs.correct());
    const bool byzantine = each.sender.index >= honest;
    BYZ_CHECK(std::int64_t{each.sender.index} < theirs.count, "a sender is a node of the run");
    crafting.numbers.push_back(each.sender.index - (byzantine ? honest : 0));
    crafting.visible = byzantine ? static_cast<std::size_t>(theirs.byzantine.actual) : honest;
  }
  if (decision.target) aim_at({Role::server, *decision.target}, pending, view, crafting);
  for (const NodeId sender : crafting.senders)
    crafting.halves.push_back(half_of(scenario, sender, *script_, pending.step));
  if (attack.state_bytes > 0)
    return Payload(craft(crafting, decision.half,
                         state_of(as_worker(pending) ? Memory::of_gradients : Memory::of_models,
                                  choice.name, attack.state_bytes)));
  return Payload::launch(view.executor, view.dimension,
                         // By value: the task may begin when the send and what was seen of it are
                         // gone.
                         [crafting, half = decision.half] { return craft(crafting, half); });
}

std::vector<Payload> Coalition::decide(const PendingSend& pending, const AdversaryView& view) {
  remember(pending);
  // Each decision is answered once: a broadcast of one vector costs one, not one a receiver.
  std::vector<std::pair<Decision, Payload>> answers;  // that several receivers share
  std::vector<Payload> sent;
  for (const NodeId receiver : pending.receivers) {
    const Decision decision = decision_for(view.scenario, pending, receiver);
    auto known_answer = std::find_if(answers.begin(), answers.end(),
                                     [&](const auto& each) { return each.first == decision; });
    if (known_answer == answers.end())
      known_answer = answers.insert(answers.end(), {decision, answer(pending, decision, view)});
    sent.push_back(known_answer->second);
  }
  return sent;
}

Poisoning poisoning_of(const Scenario& scenario) {
  const Attack& attack = attacks().at(scenario.worker_attack.name);
  if (!attack.acts_on_data()) return NoPoisoning{};
  return attack.poisoning(scenario.worker_attack.parameters);
}

std::int64_t memory_for(const Scenario& scenario) {
  return std::max({memory_for(scenario.worker_attack), memory_for(scenario.server_attack),
                   memory_for(scenario.script)});
}

std::unique_ptr<Coalition> make_coalition(const Scenario& scenario,
                                          std::span<const Script> scripts) {
  check_twins(scenario);
  check_victims("/adversary/scheduler", scenario.scheduler, scenario);
  check_script(scenario, scenario.script, "/adversary/script");
  std::int64_t memory = memory_for(scenario);
  // The scripts that a search may follow later count now: what was not remembered from the first
  // step on cannot be replayed.
  for (const Script& script : scripts) {
    check_script(scenario, script, "the script of a search");
    memory = std::max(memory, memory_for(script));
  }
  return std::make_unique<Coalition>(std::make_shared<const Script>(scenario.script), memory);
}

std::unique_ptr<Adversary> make_adversary(const Scenario& scenario) {
  return make_coalition(scenario);
}

void Coalition::walk(Archive& archive) {
  archive.all(*this, script_, unchanged(memory_), used_, past_, states_);
}

}  // namespace byzsim
