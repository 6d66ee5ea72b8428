#include "sim/simulation.h"

#include <algorithm>

#include "sim/delay.h"
#include "sim/protocol.h"

namespace byzsim {
namespace {

// Names the draws of a message or a computation: at most one of each for a step and phase.
std::uint64_t draw_counter(std::int64_t step, Phase phase) {
  return static_cast<std::uint64_t>(step) * 4 + static_cast<std::uint64_t>(phase);
}

std::int64_t draw(const Choice& choice, std::uint64_t seed, Purpose purpose, std::uint64_t identity,
                  std::uint64_t counter) {
  return draw_delay(delays().at(choice.name), choice.parameters,
                    Stream(seed, purpose, identity, counter));
}

std::vector<NodeHolder> make_nodes(const std::shared_ptr<const Workload>& workload, Role role,
                                   std::int64_t count) {
  const Protocol& protocol = protocols().at(workload->scenario().protocol.name);
  std::vector<NodeHolder> nodes;
  for (std::int64_t i = 0; i < count; ++i)
    nodes.emplace_back(protocol.make_node(workload, {role, static_cast<std::uint32_t>(i)}));
  return nodes;
}

}  // namespace

const char* to_string(EventKind kind) {
  switch (kind) {
    case EventKind::start:
      return "start";
    case EventKind::delivery:
      return "delivery";
    case EventKind::computed:
      return "computed";
  }
  return "";
}

Simulation::Simulation(std::shared_ptr<const Workload> workload,
                       std::unique_ptr<Adversary> adversary)
    : workload_(std::move(workload)),
      adversary_(std::move(adversary)),
      servers_(make_nodes(workload_, Role::server, workload_->scenario().servers.count)),
      workers_(make_nodes(workload_, Role::worker, workload_->scenario().workers.count)),
      metrics_(workload_) {
  digest_.draws.add({workload_->data_digest()});
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    const NodeId id{Role::server, static_cast<std::uint32_t>(i)};
    schedule(id, 0, {EventKind::start, id, nullptr});
  }
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    const NodeId id{Role::worker, static_cast<std::uint32_t>(i)};
    schedule(id, 0, {EventKind::start, id, nullptr});
  }
}

Simulation::Simulation(const Simulation& other)
    : workload_(other.workload_),
      adversary_(other.adversary_->clone()),
      queue_(other.queue_),
      now_(other.now_),
      servers_(other.servers_),
      workers_(other.workers_),
      sequences_(other.sequences_),
      honest_(other.honest_),
      digest_(other.digest_),
      metrics_(other.metrics_),
      totals_(other.totals_) {}

Simulation& Simulation::operator=(const Simulation& other) { return *this = Simulation(other); }

Node& Simulation::node(NodeId id) {
  return *(id.role == Role::server ? servers_ : workers_)[id.index].operator->();
}

bool Simulation::is_byzantine(NodeId id) const {
  const Scenario& scenario = workload_->scenario();
  return id.role == Role::server ? scenario.is_byzantine_server(id.index)
                                 : scenario.is_byzantine_worker(id.index);
}

void Simulation::schedule(NodeId source, std::int64_t delay, Content content) {
  const auto priority = static_cast<std::uint32_t>(content.kind);
  queue_.push({after(now_, delay), priority, source.code(), sequences_[source]++},
              std::move(content));
}

std::optional<Occurrence> Simulation::advance() {
  if (queue_.empty()) return std::nullopt;
  auto [key, content] = queue_.pop();
  now_ = key.time;
  ++totals_.events;
  digest_.schedule.add({static_cast<std::uint64_t>(key.time), key.priority, key.source,
                        key.sequence, content.target.code()});
  Occurrence occurrence{key.time, content.kind, content.target, std::nullopt, std::nullopt};
  Node& target = node(content.target);
  switch (content.kind) {
    case EventKind::start:
      perform(content.target, target.on_start());
      break;
    case EventKind::computed:
      perform(content.target, target.on_computed());
      break;
    case EventKind::delivery: {
      Reaction reaction = target.on_message(*content.message);
      ++totals_.verdicts[static_cast<std::size_t>(reaction.verdict)];
      occurrence.message = *content.message;
      occurrence.verdict = reaction.verdict;
      perform(content.target, std::move(reaction.actions));
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
  remember(source, send.phase, send.step, send.vector);
  const std::vector<NodeId> receivers = receivers_of(source, send.phase);
  if (!is_byzantine(source)) {
    const auto message =
        std::make_shared<const Message>(Message{source, send.phase, send.step, send.vector});
    for (const NodeId receiver : receivers) post(message, receiver);
    return;
  }
  const std::vector<Payload> words = words_of(source, send, receivers);
  for (std::size_t i = 0; i < receivers.size(); ++i)
    if (words[i])
      post(std::make_shared<const Message>(Message{source, send.phase, send.step, words[i]}),
           receivers[i]);
}

void Simulation::perform(NodeId source, const Compute& compute) {
  remember(source, compute.phase, compute.step, compute.result);
  const Scenario& scenario = workload_->scenario();
  const Choice& choice =
      source.role == Role::worker ? scenario.gradient_time : scenario.aggregation_time;
  // A server computes twice for a step that gathers; both carry their own phase.
  const std::int64_t span = draw(choice, scenario.seed, Purpose::compute_time, source.code(),
                                 draw_counter(compute.step, compute.phase));
  digest_.draws.add({source.code(), static_cast<std::uint64_t>(span)});
  schedule(source, span, {EventKind::computed, source, nullptr});
}

void Simulation::perform(NodeId source, const Adopt& adopt) {
  if (is_byzantine(source)) return;
  digest_.models.add({source.code(), static_cast<std::uint64_t>(adopt.step), adopt.model.digest()});
  metrics_.adopt(adopt.step, source.index, adopt.model, now_, totals_.messages, totals_.bytes);
}

void Simulation::perform(NodeId source, const Consume& consume) {
  finish_all(vectors_of(consume.heard));
  for (const Heard& heard : consume.heard)
    digest_.messages.add({source.code(), heard.sender.code(),
                          static_cast<std::uint64_t>(consume.phase),
                          static_cast<std::uint64_t>(consume.step), heard.vector.digest()});
}

void Simulation::post(const std::shared_ptr<const Message>& message, NodeId receiver) {
  const Scenario& scenario = workload_->scenario();
  const NodeId sender = message->sender;
  const std::int64_t delay =
      draw(scenario.delay, scenario.seed, Purpose::delay, (sender.code() << 24) | receiver.code(),
           draw_counter(message->step, message->phase));
  digest_.draws.add({sender.code(), receiver.code(), static_cast<std::uint64_t>(delay)});
  digest_.messages.add({sender.code(), receiver.code(), static_cast<std::uint64_t>(message->phase),
                        static_cast<std::uint64_t>(message->step), wire_bytes(*message)});
  ++totals_.messages;
  totals_.bytes += wire_bytes(*message);
  schedule(sender, delay, {EventKind::delivery, receiver, message});
}

std::vector<NodeId> Simulation::receivers_of(NodeId source, Phase phase) const {
  const Role role = phase == Phase::model ? Role::worker : Role::server;
  const std::size_t count = (role == Role::server ? servers_ : workers_).size();
  std::vector<NodeId> receivers;
  for (std::size_t i = 0; i < count; ++i)
    if (const NodeId receiver{role, static_cast<std::uint32_t>(i)}; receiver != source)
      receivers.push_back(receiver);
  return receivers;
}

void Simulation::remember(NodeId source, Phase phase, std::int64_t step, const Payload& vector) {
  const Scenario& scenario = workload_->scenario();
  const bool watched = source.role == Role::server ? scenario.servers.byzantine.actual > 0
                                                   : scenario.workers.byzantine.actual > 0;
  if (!watched || is_byzantine(source)) return;
  auto& said = honest_[{step, phase}];
  const auto place =
      std::lower_bound(said.begin(), said.end(), source,
                       [](const Heard& each, NodeId id) { return each.sender < id; });
  if (place == said.end() || place->sender != source) said.insert(place, {source, vector});
}

std::vector<Payload> Simulation::words_of(NodeId source, const Send& send,
                                          const std::vector<NodeId>& receivers) {
  const auto said = honest_.find({send.step, send.phase});
  const std::span<const Heard> honest =
      said == honest_.end() ? std::span<const Heard>() : std::span<const Heard>(said->second);
  const AdversaryView view{workload_->scenario(), now_, workload_->dimension(), honest,
                           workload_->executor()};
  std::vector<Payload> words =
      adversary_->speak({source, send.phase, send.step, send.vector, receivers}, view);
  BYZ_CHECK(words.size() == receivers.size(), "the adversary answers for every receiver");
  // The slowest Byzantine node decides what may still be asked for.
  std::int64_t oldest = node(source).step();
  const Scenario& scenario = workload_->scenario();
  for (std::int64_t i = scenario.workers.correct(); i < scenario.workers.count; ++i)
    oldest = std::min(oldest, workers_[static_cast<std::size_t>(i)]->step());
  for (std::int64_t i = scenario.servers.correct(); i < scenario.servers.count; ++i)
    oldest = std::min(oldest, servers_[static_cast<std::size_t>(i)]->step());
  forget_before(oldest);
  return words;
}

void Simulation::forget_before(std::int64_t step) {
  honest_.erase(honest_.begin(), honest_.lower_bound({step, Phase::model}));
}

std::int64_t Simulation::step() const {
  const auto correct = static_cast<std::size_t>(workload_->scenario().servers.correct());
  std::int64_t least = workload_->scenario().steps;
  for (std::size_t i = 0; i < correct; ++i) least = std::min(least, servers_[i]->step());
  return least;
}

bool Simulation::trained() const { return step() == workload_->scenario().steps; }

RunDigest Simulation::digest() const {
  RunDigest digest = digest_;
  for (const MetricsRow& row : metrics_.rows()) add_to(digest.metrics, row);
  return digest;
}

}  // namespace byzsim
