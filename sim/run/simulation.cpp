// The event loop: takes the least event, asks the state machine concerned, carries out its
// actions and shows the observer what happened, in this order for every event.

#include "sim/run/simulation.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/check.h"
#include "core/input/archive.h"
#include "core/input/issue.h"
#include "core/machine/memory.h"
#include "sim/nodes/computing_time.h"
#include "sim/protocols/protocol.h"
#include "sim/run/backlog.h"
#include "sim/run/horizon.h"
#include "sim/scenario/halves.h"
#include "sim/scenario/node_name.h"

namespace byzsim {
namespace {

constexpr std::uint64_t kEventsBetweenLooks = 1 << 16;  // at the memory of the process
constexpr double kMostOfMemory = 0.95;

std::shared_ptr<const std::vector<Fault>> make_faults(const Scenario& scenario) {
  std::vector<Fault> made;
  for (const Choice& choice : scenario.faults)
    made.push_back(faults().at(choice.name).make(choice.parameters));
  return std::make_shared<const std::vector<Fault>>(std::move(made));
}

// Before the system ends the process.
void refuse_above_memory(const Simulation& simulation) {
  const auto most = double(simulation.workload().memory());
  const auto held = double(resident_memory_bytes());
  if (most == 0 || held < kMostOfMemory * most) return;
  throw InputError({"",
                    fmt::format("the run holds {:.1f} GiB at step {}, and {:.1f} GiB are the most "
                                "that it may",
                                held / kGiB, simulation.step(), most / kGiB),
                    "use fewer nodes, a smaller model or shorter faults, or give it more memory"});
}

// A state machine's answer to what happens to it.
struct Answer {
  Node& node;
  std::optional<Verdict>& verdict;

  Actions operator()(const Start&) const { return node.on_start(); }
  Actions operator()(const Computed&) const { return node.on_computed(); }
  Actions operator()(const TimerDue& due) const { return node.on_timer(due.name); }
  Actions operator()(const Delivery& delivery) const {
    Reaction reaction = node.on_message(*delivery.message);
    verdict = reaction.verdict;
    return std::move(reaction.actions);
  }
  template <class OfTheNetwork>
  Actions operator()(const OfTheNetwork&) const {
    return {};
  }
};

bool is_of_network(const Event& event) { return kind_of(event) > EventKind::timer; }

int twin_in(const Event& event) {
  if (const auto* start = std::get_if<Start>(&event)) return start->twin;
  if (const auto* computed = std::get_if<Computed>(&event)) return computed->twin;
  if (const auto* due = std::get_if<TimerDue>(&event)) return due->twin;
  return 0;
}

}  // namespace

Simulation::Simulation(const std::shared_ptr<const Workload>& workload,
                       std::unique_ptr<Adversary> adversary)
    : Simulation(workload, std::move(adversary),
                 protocols().at(workload->scenario().protocol.name)) {}

Simulation::Simulation(std::shared_ptr<const Workload> workload,
                       std::unique_ptr<Adversary> adversary, const Protocol& protocol)
    : workload_(std::move(workload)),
      faults_(make_faults(scenario())),
      adversary_(std::move(adversary)),
      future_(static_cast<std::size_t>(scenario().servers.count),
              static_cast<std::size_t>(scenario().workers.count)),
      machines_(workload_, protocol),
      network_(scenario().network),
      pending_(workload_, protocol.in_step),
      waiting_(waiting_limit(*workload_)),
      observer_(workload_, faults_, protocol.fixed_quorums) {
  refuse_beyond_time(scenario(), workload_->dimension());
  for (const Role role : {Role::server, Role::worker})
    for (std::uint32_t i = 0; machines_.has_all(role) && i < machines_.count(role); ++i) {
      const NodeId id{role, i};
      plan(id, 0, id, Start{});
      if (!scenario().is_byzantine(id) || !adversary_->twins(scenario(), id)) continue;
      machines_.add_twin(id);
      plan(id, 0, id, Start{1});
    }
}

// `source` causes the event.
void Simulation::plan(NodeId source, std::int64_t delay, NodeId target, Event&& event) {
  const SimTime time = after(now(), delay);
  // With a time limit the event lies after it and is never reached.
  if (time == kEndOfTime && scenario().time_limit == 0) refuse_end_of_time(source, event);
  if (occurrence_.scheduled) occurrence_.scheduled->push_back({time, target, event});
  future_.plan(source, time, {target, occurrence_.number, std::move(event)});
}

// What is planned for a message has its way as the cause, all else the time to compute.
void Simulation::refuse_end_of_time(NodeId source, const Event& event) const {
  const bool computing = kind_of(event) == EventKind::computed;
  throw InputError(
      {computing ? "/compute" : "/network",
       computing ? to_string(source) + " would compute until after the end of simulated time, "
                                       "which is 292 years"
                 : "a message of " + to_string(source) +
                       " would travel until after the end of simulated time, which is 292 years",
       computing ? "use shorter computing times or fewer steps, or set /time_limit"
                 : "use shorter delays, more bandwidth or fewer steps, or set /time_limit"});
}

const Occurrence* Simulation::advance() {
  if (future_.empty() || timed_out()) return nullptr;
  auto [key, planned] = future_.advance();
  occurrence_.deeds.clear();
  if (occurrence_.scheduled) occurrence_.scheduled->clear();
  occurrence_.number = observer_.totals().events + 1;
  occurrence_.time = key.time;
  occurrence_.cause = planned.cause;
  occurrence_.target = planned.target;
  occurrence_.verdict.reset();
  occurrence_.twin = 0;
  // Before the event is moved: it may have to be planned once more.
  occurrence_.held_up = holds_up(planned.target, planned.event);
  occurrence_.event = std::move(planned.event);
  if (is_of_network(occurrence_.event)) {
    carry_on(planned.target, occurrence_.event);
  } else if (!occurrence_.held_up) {
    const auto* delivery = std::get_if<Delivery>(&occurrence_.event);
    const Machine machine = delivery ? route_to_twin(planned.target, *delivery)
                                     : Machine{planned.target, twin_in(occurrence_.event)};
    occurrence_.twin = machine.twin;
    perform(machine,
            std::visit(Answer{machines_.at(machine), occurrence_.verdict}, occurrence_.event));
  }
  observer_.see(key, occurrence_);
  mind_waiting_vectors();
  return &occurrence_;
}

// Whether the node is down; what it would have done happens once it is back, if ever.
bool Simulation::holds_up(NodeId target, const Event& event) {
  if (is_of_network(event)) return false;
  for (std::size_t i = 0; i < faults_->size(); ++i) {
    const Fault& fault = (*faults_)[i];
    if (!fault.acts_at) continue;
    const SimTime acts = fault.acts_at(target, now());
    if (acts == now()) continue;
    BYZ_CHECK(acts == kNever || acts > now(), "a node that is down acts later, or never");
    // One fault is enough to hold the event up. Another that lasts longer acts when it comes
    // again.
    occurrence_.deeds.emplace_back(FaultActed{i});
    if (acts != kNever) plan(target, acts - now(), target, Event(event));
    return true;
  }
  return false;
}

// Who hears a message that has arrived: of twins first the one whose half it comes from. What twins
// send to twins stays within a half; other Byzantine nodes send to both alike.
Machine Simulation::route_to_twin(NodeId target, const Delivery& delivery) {
  const NodeId sender = delivery.message->sender;
  if (delivery.twin || !machines_.are_twins(target)) return {target, delivery.twin.value_or(0)};
  if (machines_.are_twins(sender)) return {target, delivery.message->twin};
  const bool byzantine = scenario().is_byzantine(sender);
  const int first = byzantine ? 0 : half_of(scenario(), sender);
  Delivery later = delivery;
  later.twin = 1 - first;
  plan(sender, byzantine ? 0 : *adversary_->twins(scenario(), target), target, std::move(later));
  return {target, first};
}

SimTime Simulation::acts_at(NodeId id) const {
  SimTime latest = now();
  for (const Fault& fault : *faults_) {
    const SimTime acts = fault.acts_at ? fault.acts_at(id, now()) : now();
    if (acts == kNever) return kNever;
    latest = std::max(latest, acts);
  }
  return latest;
}

void Simulation::perform(const Machine& source, Actions actions) {
  std::vector<Deed>& deeds = occurrence_.deeds;
  const NodeId id = source.id;
  for (Action& action : actions) {
    if (const auto* send = std::get_if<Send>(&action)) {
      send_out(source, *send);
    } else if (const auto* begun = std::get_if<Compute>(&action)) {
      compute(source, *begun);
    } else if (const auto* timer = std::get_if<Timer>(&action)) {
      // One that is never due asks for nothing.
      if (after(now(), timer->span) != kEndOfTime)
        plan(id, timer->span, id, TimerDue{timer->name, source.twin});
    } else if (auto* adopt = std::get_if<Adopt>(&action)) {
      BYZ_CHECK(adopt->step >= 0 && adopt->model.dimension() == workload_->dimension(),
                "a server adopts a model of a step");
      if (!scenario().is_byzantine(id)) forget_the_past();
      deeds.emplace_back(Adopted{id, std::move(*adopt)});
    } else if (auto* consume = std::get_if<Consume>(&action)) {
      deeds.emplace_back(Used{id, std::move(*consume), machines_.at(source).step()});
    } else if (auto* gathering = std::get_if<Gathering>(&action)) {
      deeds.emplace_back(AboutToGather{id, std::move(*gathering)});
    } else {
      deeds.emplace_back(Judged{id, std::get<Judge>(action)});
    }
  }
}

void Simulation::compute(const Machine& source, const Compute& compute) {
  const NodeId id = source.id;
  BYZ_CHECK(compute.result.dimension() == workload_->dimension(),
            "what a node computes has the model's dimension");
  // From now on the adversary knows it: the result is decided, whenever the node has it.
  pending_.begin(id, {compute.step, compute.phase, compute.round}, compute.result);
  std::int64_t span = computing_time(*workload_, *faults_, id, compute, now());
  // The draw is made for Byzantine nodes, too, so that the adversary knows what an honest one
  // would need.
  if (scenario().is_byzantine(id)) span = adversary_->computing_time(scenario(), span);
  BYZ_CHECK(span >= 0, "the adversary computes in no negative time");
  occurrence_.deeds.emplace_back(Begun{id, span, compute.aggregated.value_or(compute.phase),
                                       compute.vectors, compute.batches});
  plan(id, span, id, Computed{compute.phase, compute.step, now(), source.twin});
}

bool Simulation::timed_out() const {
  return scenario().time_limit > 0 && !future_.empty() &&
         future_.next_time() > scenario().time_limit;
}

std::int64_t Simulation::step() const {
  std::int64_t least = scenario().steps;
  for (const std::uint32_t i : servers_that_count(scenario(), *faults_, now()))
    least = std::min(least, step_of({Role::server, i}));
  return least;
}

std::int64_t Simulation::crashed() const {
  std::int64_t count = 0;
  for (const Role role : roles_of(scenario()))
    for (std::uint32_t i = 0; i < scenario().group_of(role).correct(); ++i)
      count += is_gone({role, i});
  return count;
}

ServerModels Simulation::models_now() const {
  ServerModels counting;
  const ServerModels& all = observer_.kept_models().latest();
  for (const std::uint32_t server : servers_that_count(scenario(), *faults_, now()))
    // Before its first event a server holds none.
    if (const auto held = all.find(server); held != all.end()) counting.insert(*held);
  return counting;
}

bool Simulation::diverged() const {
  // Blank vectors cannot diverge.
  if (!workload_->has_numbers()) return false;
  const bool loss_is_finite = metrics().empty() || metrics().back().loss.has_value();
  // The last row may be older than the last models: these are looked at themselves.
  return !loss_is_finite ||
         !observer_.metrics().all_finite(servers_that_count(scenario(), *faults_, now()));
}

void Simulation::finish() { observer_.finish(now()); }

// Who asks what each event plans sees all messages as they are.
void Simulation::mind_waiting_vectors() {
  // Seldom: the system is asked, which takes far longer than an event.
  if (occurrence_.number % kEventsBetweenLooks == 0) refuse_above_memory(*this);
  if (!waiting_.is_time() || occurrence_.scheduled) return;
  const bool nodes_pause = std::any_of(faults_->begin(), faults_->end(),
                                       [](const Fault& fault) { return bool(fault.acts_at); });
  // With a price transfers share cards, nodes that pause hear later, and twins hear twice:
  // planned times are no order of arrival then.
  const bool in_order = !network_.has_price() && !machines_.any_twins() && !nodes_pause;
  waiting_.look_through({future_, machines_, *faults_, in_order, [&](const PayloadVisit& visit) {
                           machines_.each_waiting(visit);
                           observer_.each_waiting(visit);
                           // The latest steps stay: what it is asked of next would be read back at
                           // once.
                           pending_.each_before(furthest() - 1, visit);
                         }});
  refuse_above_memory(*this);
}

void Simulation::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(faults_), adversary_, future_, machines_,
              network_, pending_, waiting_, observer_, unchanged(occurrence_));
}

}  // namespace byzsim
