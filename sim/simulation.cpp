#include "sim/simulation.h"

#include <algorithm>
#include <cmath>

#include "core/rule.h"
#include "core/units.h"
#include "sim/delay.h"
#include "sim/draw_names.h"
#include "sim/protocol.h"

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

void insert_by_sender(std::vector<Heard>& heard, NodeId source, const Payload& vector) {
  const auto place =
      std::lower_bound(heard.begin(), heard.end(), source,
                       [](const Heard& each, NodeId id) { return each.sender < id; });
  if (place == heard.end() || place->sender != source) heard.insert(place, {source, vector});
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
      metrics_(workload_),
      invariants_({workload_, &workload_->scenario()},
                  protocols().at(scenario().protocol.name).fixed_quorums),
      waiting_since_(
          {std::vector<SimTime>(servers_.size()), std::vector<SimTime>(workers_.size())}) {
  digest_.draws.add({workload_->data_digest()});
  for (const std::uint64_t content : workload_->delay_contents()) digest_.draws.add({content});
  for (const Role role : {Role::server, Role::worker}) {
    const std::size_t count = (role == Role::server ? servers_ : workers_).size();
    for (std::size_t i = 0; i < count; ++i) {
      const NodeId id{role, static_cast<std::uint32_t>(i)};
      schedule(id, 0, {EventKind::start, id, nullptr});
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
      sequences_(other.sequences_),
      spoken_(other.spoken_),
      held_back_(other.held_back_),
      flights_(other.flights_),
      digest_(other.digest_),
      metrics_(other.metrics_),
      invariants_(other.invariants_),
      waiting_since_(other.waiting_since_),
      totals_(other.totals_) {}

Simulation& Simulation::operator=(const Simulation& other) { return *this = Simulation(other); }

Node& Simulation::node(NodeId id) {
  return *(id.role == Role::server ? servers_ : workers_)[id.index].operator->();
}

// Whether the node stands still for good.
bool Simulation::is_gone(NodeId id) const {
  return std::any_of(faults_->begin(), faults_->end(), [&](const Fault& fault) {
    return fault.acts_at && fault.acts_at(id, now_) == kNever;
  });
}

void Simulation::schedule(NodeId source, std::int64_t delay, Content content) {
  const auto priority = static_cast<std::uint32_t>(content.kind);
  std::uint64_t& sequence = sequences_[static_cast<std::size_t>(source.role)][source.index];
  queue_.push({after(now_, delay), priority, source.code(), sequence++}, std::move(content));
}

std::optional<Occurrence> Simulation::advance() {
  if (queue_.empty() || timed_out()) return std::nullopt;
  auto [key, content] = queue_.pop();
  now_ = key.time;
  ++totals_.events;
  digest_.schedule.add({static_cast<std::uint64_t>(key.time), key.priority, key.source,
                        key.sequence, content.target.code()});
  if (postponed(content)) return Occurrence{now_, content.kind, content.target};
  return handle(std::move(content));
}

// Whether the node is down; what it would have done happens once it is back, if ever.
bool Simulation::postponed(const Content& content) {
  if (content.kind > EventKind::timer) return false;
  for (const Fault& fault : *faults_) {
    if (!fault.acts_at) continue;
    const SimTime acts = fault.acts_at(content.target, now_);
    if (acts == now_) continue;
    if (acts != kNever) schedule(content.target, acts - now_, content);
    return true;
  }
  return false;
}

Occurrence Simulation::handle(Content content) {
  Occurrence occurrence{now_, content.kind, content.target};
  switch (content.kind) {
    case EventKind::start:
      perform(content.target, node(content.target).on_start());
      break;
    case EventKind::computed:
      occurrence.computed = static_cast<Phase>(content.number);
      occurrence.step = content.step;
      occurrence.begun = content.since;
      waiting_since_[static_cast<std::size_t>(content.target.role)][content.target.index] = now_;
      perform(content.target, node(content.target).on_computed());
      break;
    case EventKind::timer:
      perform(content.target, node(content.target).on_timer(content.number));
      break;
    case EventKind::delivery: {
      invariants_.delivered(content.since, now_);
      Reaction reaction = node(content.target).on_message(*content.message);
      ++totals_.verdicts[static_cast<std::size_t>(reaction.verdict)];
      occurrence.message = content.message;
      occurrence.sent = content.since;
      occurrence.verdict = reaction.verdict;
      perform(content.target, std::move(reaction.actions));
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
  return occurrence;
}

void Simulation::perform(NodeId source, Actions actions) {
  for (const Action& action : actions)
    std::visit([&](const auto& each) { perform(source, each); }, action);
}

void Simulation::perform(NodeId source, const Send& send) {
  remember(source, {send.step, send.phase, send.round}, send.vector, true);
  if (scenario().is_byzantine(source)) {
    held_back_.push_back({source, send});
  } else {
    const auto message = std::make_shared<const Message>(
        Message{source, send.phase, send.step, send.vector, send.round, send.quorum, send.vote});
    for (const NodeId receiver : receivers_of(source, send.to)) post(message, receiver);
    if (send.phase == Phase::gradient) metrics_.gradient(send.step, send.vector);
    if (send.vector) invariants_.said(source, send.phase, send.step, send.round, send.vector);
  }
  release_held_back({send.step, send.phase, send.round});
}

// Byzantine nodes whose time has come speak.
void Simulation::release_held_back(const Saying& saying) {
  for (std::size_t i = 0; i < held_back_.size();) {
    const HeldBack& held = held_back_[i];
    const std::vector<NodeId> receivers = receivers_of(held.source, held.send.to);
    const Send& send = held.send;
    const bool speaks =
        Saying{send.step, send.phase, send.round} == saying &&
        (!send.vector || adversary_->speaks_now({held.source, send.phase, send.step, send.vector,
                                                 receivers, send.round},
                                                view_of(saying)));
    if (speaks) {
      const HeldBack released = std::move(held_back_[i]);
      held_back_.erase(held_back_.begin() + static_cast<std::ptrdiff_t>(i));
      forge(released.source, released.send);
    } else {
      ++i;
    }
  }
}

void Simulation::forge(NodeId source, const Send& send) {
  const std::vector<NodeId> receivers = receivers_of(source, send.to);
  if (adversary_->silent(scenario(), source)) return forget_the_past();
  std::vector<Payload> words(receivers.size());
  if (send.vector)
    words = adversary_->speak({source, send.phase, send.step, send.vector, receivers, send.round},
                              view_of({send.step, send.phase, send.round}));
  BYZ_CHECK(words.size() == receivers.size(), "the adversary answers for every receiver");
  for (std::size_t i = 0; i < receivers.size(); ++i) {
    if (words[i] || !send.vector)
      post(std::make_shared<const Message>(Message{source, send.phase, send.step, words[i],
                                                   send.round, send.quorum, send.vote}),
           receivers[i]);
  }
}

void Simulation::perform(NodeId source, const Timer& timer) {
  schedule(source, timer.span, {EventKind::timer, source, nullptr, now_, timer.name});
}

void Simulation::perform(NodeId source, const Compute& compute) {
  remember(source, {compute.step, compute.phase, compute.round}, compute.result, false);
  const std::int64_t span = computing_span(source, compute);
  digest_.draws.add({source.code(), static_cast<std::uint64_t>(span)});
  schedule(source, span,
           {EventKind::computed, source, nullptr, now_, static_cast<std::int64_t>(compute.phase),
            compute.step});
}

std::int64_t Simulation::computing_span(NodeId source, const Compute& compute) {
  const bool gradient = compute.phase == Phase::gradient;
  // In a round the draw is that of the node's link to itself, which no message has.
  const DrawName name = name_of(Purpose::compute_time, Purpose::compute_in_round, compute.step,
                                compute.phase, compute.round);
  const std::uint64_t self = link_between(source, source);
  const std::uint64_t identity = name.purpose == Purpose::compute_time ? source.code() : self;
  const Stream stream(scenario().seed, name.purpose, identity, name.counter);
  const Delay& time = gradient ? workload_->gradient_time() : workload_->aggregation_time();
  auto span = double(draw_delay(time, {stream, scenario().seed, self, now_}));
  if (gradient) {
    span += double(scenario().sample_time) * double(scenario().batch_size);
  } else if (scenario().operations_per_second && compute.vectors > 0) {
    const Phase heard = compute.aggregated.value_or(compute.phase);
    const Group& group =
        heard == Phase::gather || heard == Phase::model ? scenario().servers : scenario().workers;
    const Rule& rule = rules().at(group.aggregator.name);
    span += 1e9 * operations(rule, compute.vectors, workload_->dimension()) /
            double(*scenario().operations_per_second);
  }
  for (const Fault& fault : *faults_)
    if (fault.slowdown) span *= fault.slowdown(source);
  const auto rounded = std::int64_t(std::min(std::floor(span + 0.5), double(kLongestDuration)));
  return scenario().is_byzantine(source) ? adversary_->computing_time(scenario(), rounded)
                                         : rounded;
}

void Simulation::perform(NodeId source, const Adopt& adopt) {
  if (scenario().is_byzantine(source)) return;
  forget_the_past();
  finish_helping(workload_->executor(), {adopt.model});
  digest_.models.add({source.code(), static_cast<std::uint64_t>(adopt.step), adopt.model.digest()});
  invariants_.adopted(source, adopt.model);
  metrics_.adopt(adopt.step, source.index, adopt.model, now_, totals_.messages, totals_.bytes);
}

void Simulation::perform(NodeId source, const Consume& consume) {
  finish_helping(workload_->executor(), vectors_of(consume.heard));
  for (const Heard& heard : consume.heard)
    digest_.messages.add({source.code(), heard.sender.code(),
                          static_cast<std::uint64_t>(consume.phase),
                          static_cast<std::uint64_t>(consume.step), heard.vector.digest()});
  if (scenario().is_byzantine(source)) return;
  invariants_.consumed(source, consume);
  const auto role = static_cast<std::size_t>(source.role);
  ++totals_.waits[role];
  totals_.waited[role] += now_ - waiting_since_[role][source.index];
  if (consume.phase == Phase::gradient)
    for (std::size_t i = 0; i < consume.heard.size(); ++i)
      metrics_.used(consume.age.value_or(node(source).step() - consume.step));
}

void Simulation::perform(NodeId source, const Gathering& gathering) {
  if (!scenario().is_byzantine(source))
    metrics_.before_gather(gathering.step, source.index, gathering.model);
}

void Simulation::perform(NodeId source, const Judge& judge) {
  if (scenario().is_byzantine(source)) return;
  if (scenario().is_byzantine(judge.sender))
    ++(judge.accepted ? totals_.byzantine_accepted : totals_.byzantine_rejected);
  else
    ++(judge.accepted ? totals_.accepted : totals_.rejected);
}

void Simulation::post(const std::shared_ptr<const Message>& message, NodeId receiver) {
  const NodeId sender = message->sender;
  const std::uint64_t link = link_between(sender, receiver);
  const DrawName name = name_of(Purpose::delay, Purpose::delay_in_round, message->step,
                                message->phase, message->round);
  const Stream drawn_from(scenario().seed, name.purpose, link, name.counter);
  const std::int64_t drawn = draw_delay(workload_->delay_between(sender, receiver),
                                        {drawn_from, scenario().seed, link, now_});
  const std::int64_t delay = adversary_->delay(
      {scenario(), *message, receiver, now_, drawn, scenario().is_byzantine(sender)});
  const std::uint64_t bytes = wire_bytes(*message);
  digest_.draws.add({sender.code(), receiver.code(), static_cast<std::uint64_t>(delay)});
  const auto phase = static_cast<std::size_t>(message->phase);
  digest_.messages.add({sender.code(), receiver.code(),
                        phase | static_cast<std::uint64_t>(message->round) << 8,
                        static_cast<std::uint64_t>(message->step), bytes});
  if (message->vector || !message->quorum.empty()) ++totals_.messages;
  totals_.bytes += bytes;
  ++totals_.messages_by_phase[phase];
  totals_.bytes_by_phase[phase] += bytes;
  if (faults_->empty()) return carry(message, receiver, delay);

  Transit transit{receiver, now_, delay, message->vector};
  Stream stream(
      scenario().seed, Purpose::fault, link,
      name_in_round(Purpose::fault, message->step, message->phase, message->round).counter);
  for (const Fault& fault : *faults_)
    if (fault.on_message) fault.on_message(*message, stream, workload_->executor(), transit);
  if (transit.lost) {
    ++totals_.lost;
    return;
  }
  std::shared_ptr<const Message> arriving = message;
  if (!transit.vector.same_as(message->vector)) {
    Message changed = *message;
    changed.vector = transit.vector;
    arriving = std::make_shared<const Message>(std::move(changed));
  }
  totals_.duplicated += transit.copies.size();
  carry(arriving, receiver, transit.delay);
  for (const std::int64_t later : transit.copies) carry(arriving, receiver, transit.delay + later);
}

// From the sender's memory to the receiver's.
void Simulation::carry(const std::shared_ptr<const Message>& message, NodeId receiver,
                       std::int64_t delay) {
  const NodeId sender = message->sender;
  if (!network_.has_price())
    return schedule(sender, delay, {EventKind::delivery, receiver, message, now_});
  const SimTime ready = network_.serialized(sender, wire_bytes(*message), now_);
  schedule(sender, ready - now_, {EventKind::departure, receiver, message, now_, delay});
}

void Simulation::arrive(Flight flight) {
  const NodeId sender = flight.message->sender;
  schedule(sender, flight.delay,
           {EventKind::arrival, flight.receiver, std::move(flight.message), flight.sent});
}

void Simulation::wake(const std::vector<Wake>& wakes, NodeId source) {
  for (const Wake& each : wakes)
    schedule(source, each.time - now_, {EventKind::card, source, nullptr, now_, each.card});
}

std::vector<NodeId> Simulation::receivers_of(NodeId source, Audience audience) const {
  if (audience.only) return {{audience.role, *audience.only}};
  const std::size_t count = (audience.role == Role::server ? servers_ : workers_).size();
  std::vector<NodeId> receivers;
  for (std::size_t i = 0; i < count; ++i)
    if (const NodeId receiver{audience.role, static_cast<std::uint32_t>(i)}; receiver != source)
      receivers.push_back(receiver);
  return receivers;
}

void Simulation::remember(NodeId source, const Saying& saying, const Payload& vector, bool said) {
  if (scenario().servers.byzantine.actual + scenario().workers.byzantine.actual == 0 || !vector)
    return;
  Spoken& spoken = spoken_[saying];
  const bool byzantine = scenario().is_byzantine(source);
  insert_by_sender(byzantine ? spoken.corrupted : spoken.honest, source, vector);
  if (said && !byzantine) spoken.said.insert(source);
}

AdversaryView Simulation::view_of(const Saying& saying) const {
  const auto found = spoken_.find(saying);
  static const Spoken nothing;
  const Spoken& spoken = found == spoken_.end() ? nothing : found->second;
  return {scenario(),
          now_,
          workload_->dimension(),
          spoken.honest,
          spoken.corrupted,
          spoken.said.size(),
          workload_->executor()};
}

// Drops what no Byzantine node can ask for any more: the slowest of them decides.
void Simulation::forget_the_past() {
  std::int64_t oldest = scenario().steps;
  for (const HeldBack& held : held_back_) oldest = std::min(oldest, held.send.step);
  for (const Role role : {Role::server, Role::worker}) {
    const Group& group = role == Role::server ? scenario().servers : scenario().workers;
    for (std::int64_t i = group.correct(); i < group.count; ++i)
      if (const NodeId id{role, static_cast<std::uint32_t>(i)}; !is_gone(id))
        oldest = std::min(oldest, node(id).step());
  }
  spoken_.erase(spoken_.begin(), spoken_.lower_bound({oldest, Phase::model, 0}));
}

std::int64_t Simulation::step() const {
  const auto correct = static_cast<std::size_t>(scenario().servers.correct());
  std::int64_t least = scenario().steps;
  for (std::size_t i = 0; i < correct; ++i) least = std::min(least, servers_[i]->step());
  return least;
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
