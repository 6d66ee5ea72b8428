#include "sim/run/simulation.h"

#include <algorithm>

#include "sim/network/delays/delay.h"
#include "sim/nodes/computing_time.h"
#include "sim/protocols/protocol.h"
#include "sim/scenario/halves.h"
#include "sim/world/draw_names.h"

namespace byzsim {
namespace {

std::vector<NodeHolder> make_nodes(const std::shared_ptr<const Workload>& workload, Role role,
                                   std::int64_t count) {
  const Protocol& protocol = protocols().at(workload->scenario().protocol.name);
  std::vector<NodeHolder> nodes;
  for (std::int64_t i = 0; i < count; ++i)
    nodes.emplace_back(protocol.make_node(workload, {role, static_cast<std::uint32_t>(i)}));
  return nodes;
}

std::shared_ptr<const std::vector<Fault>> make_faults(const Scenario& scenario) {
  std::vector<Fault> made;
  for (const Choice& choice : scenario.faults)
    made.push_back(faults().at(choice.name).make(choice.parameters));
  return std::make_shared<const std::vector<Fault>>(std::move(made));
}

std::vector<Adopt> adopted_by(const Actions& actions) {
  std::vector<Adopt> adopted;
  for (const Action& action : actions)
    if (const auto* adopt = std::get_if<Adopt>(&action)) adopted.push_back(*adopt);
  return adopted;
}

}  // namespace

Simulation::Simulation(std::shared_ptr<const Workload> workload,
                       std::unique_ptr<Adversary> adversary)
    : workload_(std::move(workload)),
      adversary_(std::move(adversary)),
      faults_(make_faults(scenario())),
      network_(scenario()),
      servers_(make_nodes(workload_, Role::server, scenario().servers.count)),
      workers_(make_nodes(workload_, Role::worker, scenario().workers.count)),
      sequences_({std::vector<std::uint64_t>(servers_.size()),
                  std::vector<std::uint64_t>(workers_.size())}),
      transcript_(workload_),
      waiting_{workload_->waiting_limit()},
      metrics_(workload_),
      invariants_({workload_, &workload_->scenario()},
                  protocols().at(scenario().protocol.name).fixed_quorums),
      waiting_since_(
          {std::vector<SimTime>(servers_.size()), std::vector<SimTime>(workers_.size())}),
      consulted_({false,
                  false,
                  std::vector<bool>(scenario().links.size()),
                  std::vector<bool>(scenario().faults.size()),
                  {}}) {
  digest_.draws.add({workload_->data_digest()});
  for (const std::uint64_t content : workload_->delay_contents()) digest_.draws.add({content});
  for (const Role role : {Role::server, Role::worker}) {
    const std::size_t count = (role == Role::server ? servers_ : workers_).size();
    for (std::size_t i = 0; i < count; ++i) {
      const NodeId id{role, static_cast<std::uint32_t>(i)};
      schedule(id, 0, {EventKind::start, id, nullptr});
      if (!scenario().is_byzantine(id) || !adversary_->twins(scenario(), id)) continue;
      const Protocol& protocol = protocols().at(scenario().protocol.name);
      twins_.emplace(id, NodeHolder(protocol.make_node(workload_, id)));
      schedule(id, 0, {EventKind::start, id, nullptr, 0, 0, 0, 1});
    }
  }
}

Simulation::Simulation(const Simulation& other)
    : workload_(other.workload_),
      adversary_(other.adversary_->clone()),
      faults_(other.faults_),
      queue_(other.queue_),
      network_(other.network_),
      now_(other.now_),
      servers_(other.servers_),
      workers_(other.workers_),
      twins_(other.twins_),
      sequences_(other.sequences_),
      transcript_(other.transcript_),
      held_back_(other.held_back_),
      flights_(other.flights_),
      forgotten_at_(other.forgotten_at_),
      furthest_(other.furthest_),
      waiting_(other.waiting_),
      sent_vectors_(other.sent_vectors_),
      sent_bytes_(other.sent_bytes_),
      store_(other.store_),
      digest_(other.digest_),
      digest_index_(other.digest_index_),
      scheduled_(other.scheduled_),
      metrics_(other.metrics_),
      invariants_(other.invariants_),
      waiting_since_(other.waiting_since_),
      totals_(other.totals_),
      consulted_(other.consulted_) {}

Simulation& Simulation::operator=(const Simulation& other) { return *this = Simulation(other); }

Node& Simulation::node(const Machine& machine) {
  const NodeId id = machine.id;
  if (machine.twin == 1) return *twins_.at(id).operator->();
  return *(id.role == Role::server ? servers_ : workers_)[id.index].operator->();
}

bool Simulation::is_gone(NodeId id) const {
  return std::any_of(faults_->begin(), faults_->end(), [&](const Fault& fault) {
    return fault.acts_at && fault.acts_at(id, now_) == kNever;
  });
}

void Simulation::schedule(NodeId source, std::int64_t delay, Content content) {
  const auto priority = static_cast<std::uint32_t>(content.kind);
  std::uint64_t& sequence = sequences_[static_cast<std::size_t>(source.role)][source.index];
  const SimTime time = after(now_, delay);
  if (time == kEndOfTime && scenario().time_limit == 0) refuse_end_of_time(source, content);
  content.cause = totals_.events;
  if (scheduled_) keep(time, content);
  queue_.push({time, priority, source.code(), sequence++}, std::move(content));
}

void Simulation::keep(SimTime time, const Content& content) {
  scheduled_->push_back({time,
                         content.kind,
                         content.target,
                         content.message.get(),
                         content.number,
                         {},
                         content.step});
  if (content.kind == EventKind::computed)
    scheduled_->back().computes = static_cast<Phase>(content.number);
}

std::optional<Occurrence> Simulation::advance() {
  if (queue_.empty() || timed_out()) return std::nullopt;
  if (scheduled_) scheduled_->clear();
  auto [key, content] = queue_.pop();
  now_ = key.time;
  ++totals_.events;
  digest_.schedule.add({static_cast<std::uint64_t>(key.time), key.priority, key.source,
                        key.sequence, content.target.code()});
  const std::uint64_t cause = content.cause;
  Occurrence occurrence = postponed(content) ? Occurrence{now_, content.kind, content.target}
                                             : handle(std::move(content));
  occurrence.cause = cause;
  digest_index_.see(totals_.events, digest_);
  look_through_waiting();
  return occurrence;
}

// Whether the node is down; what it would have done happens once it is back, if ever.
bool Simulation::postponed(const Content& content) {
  if (content.kind > EventKind::timer) return false;
  for (std::size_t i = 0; i < faults_->size(); ++i) {
    const Fault& fault = (*faults_)[i];
    if (!fault.acts_at) continue;
    const SimTime acts = fault.acts_at(content.target, now_);
    if (acts == now_) continue;
    consulted_.faults[i] = true;
    if (acts != kNever) schedule(content.target, acts - now_, content);
    return true;
  }
  return false;
}

Occurrence Simulation::handle(Content content) {
  Machine target{content.target, content.twin.value_or(0)};
  Occurrence occurrence{now_, content.kind, target.id, target.twin};
  Actions actions;
  switch (content.kind) {
    case EventKind::start:
      actions = node(target).on_start();
      break;
    case EventKind::computed:
      occurrence.computed = static_cast<Phase>(content.number);
      occurrence.step = content.step;
      occurrence.begun = content.since;
      waiting_since_[static_cast<std::size_t>(content.target.role)][content.target.index] = now_;
      actions = node(target).on_computed();
      break;
    case EventKind::timer:
      actions = node(target).on_timer(content.number);
      break;
    case EventKind::delivery: {
      invariants_.delivered(content.since, now_);
      target = hearing(content);
      occurrence.twin = target.twin;
      Reaction reaction = node(target).on_message(*content.message);
      ++totals_.verdicts[static_cast<std::size_t>(reaction.verdict)];
      occurrence.message = content.message;
      occurrence.sent = content.since;
      occurrence.verdict = reaction.verdict;
      actions = std::move(reaction.actions);
      break;
    }
    case EventKind::departure:
      wake(network_.depart(flights_++,
                           {content.message, content.target, content.number, content.since}, now_),
           content.target);
      break;
    case EventKind::card: {
      auto [through, next] = network_.wake(content.number, now_);
      if (next) wake({*next}, content.target);
      for (Flight& flight : through) arrive(std::move(flight));
      break;
    }
    case EventKind::arrival: {
      const SimTime ready = network_.serialized(content.target, wire_bytes(*content.message), now_);
      content.kind = EventKind::delivery;
      const NodeId sender = content.message->sender;
      schedule(sender, ready - now_, std::move(content));
      break;
    }
  }
  occurrence.adopted = adopted_by(actions);
  perform(target, std::move(actions));
  return occurrence;
}

void Simulation::perform(const Machine& source, Actions actions) {
  for (const Action& action : actions)
    std::visit([&](const auto& each) { perform(source, each); }, action);
}

void Simulation::perform(const Machine& source, const Send& send) {
  const NodeId id = source.id;
  const Saying saying{send.step, send.phase, send.round};
  furthest_ = std::max(furthest_, send.step);
  transcript_.say(id, saying, send.vector);
  if (scenario().is_byzantine(id)) {
    held_back_[queue_of(saying)].push_back({source, send, transcript_.gradients()});
  } else {
    const auto message =
        std::make_shared<const Message>(Message{id, send.phase, send.step, send.vector, send.round,
                                                send.quorum, send.vote, 0, send.repeat});
    for (const NodeId receiver : receivers_of(source, send.to)) post(message, receiver);
    if (send.phase == Phase::gradient) metrics_.gradient(send.step, send.vector);
    if (send.vector) invariants_.said(id, send.phase, send.step, send.round, send.vector);
  }
  release_held_back(saying);
}

void Simulation::perform(const Machine& source, const Timer& timer) {
  if (after(now_, timer.span) == kEndOfTime) return;  // never due
  schedule(source.id, timer.span,
           {EventKind::timer, source.id, nullptr, now_, timer.name, 0, source.twin});
}

void Simulation::perform(const Machine& source, const Compute& compute) {
  const NodeId id = source.id;
  transcript_.begin(id, {compute.step, compute.phase, compute.round}, compute.result);
  std::int64_t span = computing_time(*workload_, *faults_, id, compute, now_);
  for (std::size_t i = 0; i < faults_->size(); ++i)
    if ((*faults_)[i].slowdown && (*faults_)[i].slowdown(id) != 1) consulted_.faults[i] = true;
  consult_rule(compute.aggregated.value_or(compute.phase), compute.vectors);
  if (scenario().is_byzantine(id)) span = adversary_->computing_time(scenario(), span);
  digest_.draws.add({id.code(), static_cast<std::uint64_t>(span)});
  schedule(id, span,
           {EventKind::computed, id, nullptr, now_, static_cast<std::int64_t>(compute.phase),
            compute.step, source.twin});
}

void Simulation::perform(const Machine& source, const Adopt& adopt) {
  const NodeId id = source.id;
  if (scenario().is_byzantine(id)) return;
  forget_the_past();
  finish_helping(workload_->executor(), {adopt.model});
  digest_.models.add({id.code(), static_cast<std::uint64_t>(adopt.step), adopt.model.digest()});
  invariants_.adopted(id, adopt.model);
  metrics_.adopt(adopt.step, id.index, adopt.model, now_, totals_.messages, totals_.bytes);
  metrics_.complete(servers_that_count());
}

void Simulation::perform(const Machine& source, const Consume& consume) {
  const NodeId id = source.id;
  finish_helping(workload_->executor(), vectors_of(consume.heard));
  consult_rule(consume.phase, consume.heard.size());
  for (const Heard& heard : consume.heard)
    digest_.messages.add({id.code(), heard.sender.code(), static_cast<std::uint64_t>(consume.phase),
                          static_cast<std::uint64_t>(consume.step), heard.vector.digest()});
  if (scenario().is_byzantine(id)) return;
  invariants_.consumed(id, consume);
  const auto role = static_cast<std::size_t>(id.role);
  ++totals_.waits[role];
  totals_.waited[role] += static_cast<double>(now_ - waiting_since_[role][id.index]);
  if (consume.phase == Phase::gradient)
    for (std::size_t i = 0; i < consume.heard.size(); ++i)
      metrics_.used(consume.age.value_or(node(source).step() - consume.step));
}

void Simulation::perform(const Machine& source, const Gathering& gathering) {
  if (!scenario().is_byzantine(source.id))
    metrics_.before_gather(gathering.step, source.id.index, gathering.model);
}

void Simulation::perform(const Machine& source, const Judge& judge) {
  if (scenario().is_byzantine(source.id)) return;
  if (scenario().is_byzantine(judge.sender))
    ++(judge.accepted ? totals_.byzantine_accepted : totals_.byzantine_rejected);
  else
    ++(judge.accepted ? totals_.accepted : totals_.rejected);
}

// Of twins, each speaks to the honest nodes of its half, and to Byzantine ones.
std::vector<NodeId> Simulation::receivers_of(const Machine& source, Audience audience) const {
  const auto hears = [&](NodeId receiver) {
    return !twins_.contains(source.id) || scenario().is_byzantine(receiver) ||
           cluster_of(scenario(), receiver) == source.twin;
  };
  const std::size_t count = (audience.role == Role::server ? servers_ : workers_).size();
  const std::uint32_t first = audience.only.value_or(0);
  const std::size_t last = audience.only ? std::min<std::size_t>(count, first + 1) : count;
  std::vector<NodeId> receivers;
  for (std::uint32_t i = first; i < last; ++i) {
    const NodeId receiver{audience.role, i};
    const bool meant = audience.only || receiver != source.id;
    if (meant && hears(receiver)) receivers.push_back(receiver);
  }
  return receivers;
}

// The honest servers that live; all of them where none does.
std::vector<std::uint32_t> Simulation::servers_that_count() const {
  std::vector<std::uint32_t> living, all;
  for (std::uint32_t i = 0; i < scenario().servers.correct(); ++i) {
    all.push_back(i);
    if (!is_gone({Role::server, i})) living.push_back(i);
  }
  return living.empty() ? all : living;
}

std::int64_t Simulation::step() const {
  std::int64_t least = scenario().steps;
  for (const std::uint32_t i : servers_that_count()) least = std::min(least, servers_[i]->step());
  return least;
}

std::int64_t Simulation::crashed() const {
  std::int64_t count = 0;
  for (const Role role : {Role::server, Role::worker})
    for (std::uint32_t i = 0; i < scenario().group_of(role).correct(); ++i)
      count += is_gone({role, i});
  return count;
}

std::int64_t Simulation::step_of(NodeId id) const {
  return (id.role == Role::server ? servers_ : workers_)[id.index]->step();
}

bool Simulation::diverged() const {
  if (!workload_->has_numbers()) return false;
  const bool loss_is_finite = metrics().empty() || metrics().back().loss.has_value();
  return !loss_is_finite || !metrics_.all_finite(servers_that_count());
}

void Simulation::finish() {
  metrics_.complete(servers_that_count());
  metrics_.finish();
}

bool Simulation::timed_out() const {
  return scenario().time_limit > 0 && !queue_.empty() && queue_.next_time() > scenario().time_limit;
}

bool Simulation::trained() const { return step() == scenario().steps; }

RunDigest Simulation::digest() const {
  RunDigest digest = digest_;
  for (const MetricsRow& row : metrics_.rows()) add_to(digest.metrics, row);
  return digest;
}

}  // namespace byzsim
