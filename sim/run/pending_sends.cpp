// When the sends of Byzantine nodes are due. The adversary is asked once a queue, as all sends in
// it wait for the same honest nodes.

#include "sim/run/pending_sends.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "core/check.h"
#include "core/input/archive.h"
#include "sim/scenario/node_graph.h"
#include "sim/scenario/participants.h"

namespace byzsim {

void PendingSends::add(const Machine& source, const Send& send) {
  const MessageKey key{send.step, send.phase, send.round};
  if (send.vector) ++sent_since_;
  transcript_.send(source.id, key, send.as_received());
  // Honest sends are on the transcript, which counts them, and wait for nothing.
  if (!workload_->scenario().is_byzantine(source.id)) return;
  std::vector<DeferredSend>& queue = queues_[queue_of(key)];
  BYZ_CHECK(queue.empty() || bool(queue.front().send.vector) == bool(send.vector),
            "the sends of one queue all carry a vector, or none does");
  queue.push_back({source, send, transcript_.gradients()});
}

// How many, from the front, have waited for enough honest nodes. All of a queue are of one role and
// carry a vector, or none does.
std::size_t PendingSends::due(const std::vector<DeferredSend>& queue, const MessageKey& sent,
                              const Adversary& adversary) {
  if (queue.empty() || !queue.front().send.vector) return queue.size();
  const Scenario& scenario = workload_->scenario();
  std::size_t awaited = adversary.awaits(scenario, queue.front().source.id);
  // Of a round of some workers no more than those can be awaited.
  if (sent.phase == Phase::gradient && in_step_ && draws_participants(scenario))
    awaited = std::min(awaited, static_cast<std::size_t>(
                                    honest_among(scenario, participants_at(scenario, sent.step))));
  if (awaited == 0) return queue.size();
  // Where others train at their own pace, so many honest ones always do.
  if (is_out_of_step(sent.phase) && draws_participants(scenario))
    awaited =
        std::min(awaited, static_cast<std::size_t>(
                              participations()
                                  .at(scenario.participation.name)
                                  .most(scenario.participation.parameters, scenario.workers.count) -
                              scenario.workers.byzantine.actual));
  if (sent.phase == Phase::gather && drawn_peers(scenario))
    return enough_of_the_asked_sent(sent, awaited) ? queue.size() : 0;
  if (!is_out_of_step(sent.phase))
    return transcript_.of(sent).sent.size() >= awaited ? queue.size() : 0;
  // Who rushes counts from when it could have sent.
  // The awaited-th latest gradient of honest workers: once it came after a send, enough of them
  // have sent since.
  const std::uint64_t before = transcript_.latest_but(awaited - 1);
  // Sends are in the order in which they were deferred, so that those that are due stand in
  // front.
  const auto waits = std::find_if(queue.begin(), queue.end(), [&](const DeferredSend& each) {
    return each.gradients >= before;
  });
  return static_cast<std::size_t>(waits - queue.begin());
}

const std::vector<NodeId>& PendingSends::asked_in(std::int64_t step) {
  if (step == asked_step_) return asked_;
  const NodeGraph& graph = workload_->graph_at(step);
  const std::int64_t peers = *drawn_peers(workload_->scenario());
  std::set<NodeId> asked;
  for (std::uint32_t node = 0; node < graph.placed().honest; ++node)
    for (const std::uint32_t peer : graph.peers_at(node, step, peers))
      if (peer < graph.placed().honest) asked.insert({Role::server, peer});
  asked_step_ = step;
  asked_.assign(asked.begin(), asked.end());
  return asked_;
}

// Nobody waits for a node that nobody asks: it sends nothing.
bool PendingSends::enough_of_the_asked_sent(const MessageKey& key, std::size_t awaited) {
  const std::set<NodeId>& sent = transcript_.of(key).sent;
  const std::vector<NodeId>& asked = asked_in(exchanged_in(key.phase, key.step));
  const auto count = std::count_if(asked.begin(), asked.end(),
                                   [&](const NodeId& each) { return sent.count(each) > 0; });
  return static_cast<std::size_t>(count) >= std::min(awaited, asked.size());
}

std::vector<DeferredSend> PendingSends::take_due(const MessageKey& sent,
                                                 const Adversary& adversary) {
  const auto found = queues_.find(queue_of(sent));
  if (found == queues_.end()) return {};
  std::vector<DeferredSend>& queue = found->second;
  BYZ_CHECK(!queue.empty(), "a queue that is empty is dropped");
  const auto end = queue.begin() + static_cast<std::ptrdiff_t>(due(queue, sent, adversary));
  std::vector<DeferredSend> taken(std::make_move_iterator(queue.begin()),
                                  std::make_move_iterator(end));
  queue.erase(queue.begin(), end);
  if (queue.empty()) queues_.erase(found);
  return taken;
}

std::vector<MessageKey> PendingSends::of(NodeId id) const {
  std::vector<MessageKey> keys;
  for (const auto& [key, queue] : queues_)
    for (const DeferredSend& each : queue)
      if (each.source.id == id) keys.push_back({each.send.step, each.send.phase, each.send.round});
  return keys;
}

std::int64_t PendingSends::least_step(std::int64_t none) const {
  for (const auto& [key, queue] : queues_)
    for (const DeferredSend& each : queue) none = std::min(none, each.send.step);
  return none;
}

void PendingSends::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(in_step_), transcript_, sent_since_, queues_,
              unchanged(asked_step_), unchanged(asked_));
}

}  // namespace byzsim
