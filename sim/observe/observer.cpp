// What enters which digest, and in which order: any change here is a new version of the digest
// (run_digest.h).

#include "sim/observe/observer.h"

#include <algorithm>
#include <numeric>

#include "core/check.h"
#include "core/input/archive.h"
#include "core/input/issue.h"
#include "sim/nodes/inbox.h"

namespace byzsim {
namespace {

std::vector<SimTime> instants(std::int64_t nodes) {
  return std::vector<SimTime>(static_cast<std::size_t>(nodes));
}

}  // namespace

std::vector<std::uint32_t> servers_that_count(const Scenario& scenario,
                                              const std::vector<Fault>& faults, SimTime now) {
  std::vector<std::uint32_t> all(static_cast<std::size_t>(scenario.servers.correct()));
  std::iota(all.begin(), all.end(), std::uint32_t{0});
  if (faults.empty()) return all;
  std::vector<std::uint32_t> living;
  for (const std::uint32_t i : all)
    if (!is_gone({Role::server, i}, faults, now)) living.push_back(i);
  // With none alive all count: a run whose servers are gone has not reached its last step.
  return living.empty() ? all : living;
}

Observer::Observer(std::shared_ptr<const Workload> workload,
                   std::shared_ptr<const std::vector<Fault>> faults, bool fixed_quorums)
    : workload_(std::move(workload)),
      faults_(std::move(faults)),
      metrics_(workload_),
      kept_models_({workload_, &workload_->scenario()}),
      invariants_({workload_, &workload_->scenario()}, fixed_quorums),
      parallelism_(workload_),
      waiting_since_({instants(scenario().servers.count), instants(scenario().workers.count)}) {
  BYZ_CHECK(faults_ != nullptr && faults_->size() == scenario().faults.size(),
            "every fault of the scenario was made");
  consulted_.links.resize(scenario().links.size());
  consulted_.faults.resize(scenario().faults.size());
  // What draws are made from comes first: other data give other runs even where all delays
  // agree.
  digest_.draws.add({workload_->data_digest()});
  for (const std::uint64_t content : workload_->delay_contents()) digest_.draws.add({content});
}

void Observer::see(const EventKey& key, const Occurrence& occurrence) {
  ++totals_.events;
  digest_.schedule.add({static_cast<std::uint64_t>(key.time), key.priority, key.source,
                        key.sequence, occurrence.target.code()});
  const NodeId target = occurrence.target;
  // A node waits for its next quorum from the end of its last computation.
  if (occurrence.computation())
    waiting_since_[static_cast<std::size_t>(target.role)][target.index] = key.time;
  if (const Delivery* delivery = occurrence.delivery()) {
    BYZ_CHECK(occurrence.verdict.has_value(), "a delivery has a verdict");
    invariants_.delivered(delivery->sent, key.time);
    ++totals_.verdicts[static_cast<std::size_t>(occurrence.verdict.value())];
  }
  for (const Deed& deed : occurrence.deeds)
    std::visit([&](const auto& each) { see(key.time, each); }, deed);
  // After all deeds of the event: the layers of a row are those after it.
  digest_index_.see(totals_.events, digest_);
}

void Observer::see(SimTime, const Begun& begun) {
  digest_.draws.add({begun.node.code(), static_cast<std::uint64_t>(begun.span)});
  parallelism_.see(begun);
  consult_rule(begun.heard, begun.vectors);
  for (std::size_t i = 0; i < faults_->size(); ++i)
    // A factor of 1 changes nothing, so that the setting counts as unused.
    if ((*faults_)[i].slowdown && (*faults_)[i].slowdown(begun.node) != 1)
      consulted_.faults[i] = true;
}

void Observer::see(SimTime, const Sent& sent) {
  furthest_ = std::max(furthest_, sent.key.step);
  parallelism_.see(sent);
  // What an honest node in its place would send: nobody receives it.
  if (scenario().is_byzantine(sent.node)) return;
  const auto& [step, phase, round] = sent.key;
  if (phase == Phase::gradient) metrics_.gradient(step, sent.vector);
  if (sent.vector) invariants_.sent(sent.node, phase, step, round, sent.vector);
}

void Observer::see(SimTime, const Posted& posted) {
  const Message& message = *posted.message;
  BYZ_CHECK(!posted.link || *posted.link < consulted_.links.size(),
            "an exception is one of the scenario's links");
  if (posted.link)
    consulted_.links[*posted.link] = true;
  else
    consulted_.network_delay = true;
  if (posted.delay != posted.drawn) consulted_.scheduler = true;
  digest_.draws.add(
      {message.sender.code(), posted.receiver.code(), static_cast<std::uint64_t>(posted.delay)});
  digest_.messages.add(
      {message.sender.code(), posted.receiver.code(),
       static_cast<std::uint64_t>(message.phase) | static_cast<std::uint64_t>(message.round) << 8,
       static_cast<std::uint64_t>(message.step), wire_bytes(message)});
  // Requests and votes are bytes, but no vectors.
  if (message.vector || !message.quorum.empty()) ++totals_.messages;
  count_bytes(posted);
  totals_.lost += posted.lost;
  totals_.duplicated += posted.copies;
}

void Observer::count_bytes(const Posted& posted) {
  const std::uint64_t bytes = wire_bytes(*posted.message);
  if (__builtin_add_overflow(totals_.bytes, bytes, &totals_.bytes))
    throw InputError({workload_->has_numbers() ? "/model" : "/dimension",
                      "more than 2^64 bytes are sent", "use a smaller dimension or fewer steps"});
  const auto phase = static_cast<std::size_t>(posted.message->phase);
  ++totals_.messages_by_phase[phase];
  totals_.bytes_by_phase[phase] += bytes;
}

void Observer::see(SimTime, const FaultActed& acted) {
  BYZ_CHECK(acted.fault < consulted_.faults.size(), "a fault that acts is one of the scenario");
  consulted_.faults[acted.fault] = true;
}

void Observer::see(SimTime now, const Adopted& adopted) {
  const auto& [node, adopt] = adopted;
  if (scenario().is_byzantine(node)) return;
  // Here the loop waits for numbers, and works on whatever else is launched meanwhile.
  finish_helping(workload_->executor(), {adopt.model});
  digest_.models.add({node.code(), static_cast<std::uint64_t>(adopt.step), adopt.model.digest()});
  invariants_.adopted(node, adopt.model);
  metrics_.adopt(adopt.step, node.index, adopt.model, now, totals_.messages, totals_.bytes);
  // Asking all servers at each adoption would take the square of their number.
  const auto all = static_cast<std::size_t>(scenario().servers.correct());
  if (!faults_->empty() || metrics_.oldest_models() == all)
    metrics_.complete(servers_that_count(scenario(), *faults_, now));
  kept_models_.adopt(node.index, adopt);
}

void Observer::see(SimTime now, const Used& used) {
  const auto& [node, consume, step] = used;
  BYZ_CHECK(!consume.heard.empty(), "a quorum that is used has a vector");
  for (const Heard& heard : consume.heard)
    BYZ_CHECK(heard.vector.dimension() == workload_->dimension(),
              "a vector that enters a quorum has the model's dimension");
  finish_helping(workload_->executor(), vectors_of(consume.heard));
  consult_rule(consume.phase, consume.heard.size());
  parallelism_.see(used);
  for (const Heard& heard : consume.heard)
    // Of Byzantine nodes, too: the quorum that one used is part of what happened.
    digest_.messages.add({node.code(), heard.sender.code(),
                          static_cast<std::uint64_t>(consume.phase),
                          static_cast<std::uint64_t>(consume.step), heard.vector.digest()});
  if (scenario().is_byzantine(node)) return;
  invariants_.consumed(node, consume);
  metrics_.combined(consume.counts);
  const auto role = static_cast<std::size_t>(node.role);
  ++totals_.waits[role];
  totals_.waited[role] += static_cast<double>(now - waiting_since_[role][node.index]);
  if (consume.phase == Phase::gradient)
    for (std::size_t i = 0; i < consume.heard.size(); ++i)
      metrics_.used(consume.age.value_or(step - consume.step));
}

void Observer::see(SimTime, const AboutToGather& about) {
  const auto& [node, gathering] = about;
  if (!scenario().is_byzantine(node))
    metrics_.before_gather(gathering.step, node.index, gathering.model);
}

void Observer::see(SimTime, const Judged& judged) {
  if (scenario().is_byzantine(judged.node)) return;
  if (scenario().is_byzantine(judged.judge.sender))
    ++(judged.judge.accepted ? totals_.byzantine_accepted : totals_.byzantine_rejected);
  else
    ++(judged.judge.accepted ? totals_.accepted : totals_.rejected);
}

// One vector is what any rule makes of it.
void Observer::consult_rule(Phase heard, std::size_t vectors) {
  if (vectors < 2) return;
  const bool models = heard == Phase::model || heard == Phase::gather;
  consulted_.rules[static_cast<std::size_t>(models ? Role::server : Role::worker)] = true;
}

// A server that has crashed for good may have left rows that waited for it alone.
void Observer::finish(SimTime now) {
  metrics_.complete(servers_that_count(scenario(), *faults_, now));
  metrics_.finish();
}

void Observer::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(faults_), digest_, digest_index_, metrics_,
              kept_models_, invariants_, parallelism_, totals_, consulted_, waiting_since_,
              furthest_);
  // A branch may have other links and faults than what was written.
  consulted_.links.resize(scenario().links.size());
  consulted_.faults.resize(scenario().faults.size());
}

}  // namespace byzsim
