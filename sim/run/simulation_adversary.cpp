// The Simulation's part between what a Byzantine node is about to send and what it does send: when
// it sends, what the adversary sees by then, and what is forgotten.
#include <algorithm>

#include "sim/protocols/protocol.h"
#include "sim/run/simulation.h"

namespace byzsim {

// Whether others say the same of other steps, because each worker answers its own.
bool Simulation::is_out_of_step(Phase phase) const {
  return phase == Phase::gradient && !protocols().at(scenario().protocol.name).in_step;
}

// Sends that wait for the same honest nodes wait in one queue.
Saying Simulation::queue_of(const Saying& saying) const {
  return is_out_of_step(saying.phase) ? Saying{-1, saying.phase, 0} : saying;
}

// How many of a queue, from its front, have waited for enough honest nodes. All of them are of one
// role and carry a vector, or none does.
std::size_t Simulation::ready_to_send(const std::vector<HeldBack>& held,
                                      const Saying& saying) const {
  if (held.empty() || !held.front().send.vector) return held.size();
  const std::size_t awaited = adversary_->awaits(scenario(), held.front().source.id);
  if (awaited == 0) return held.size();
  if (!is_out_of_step(saying.phase))
    return transcript_.of(saying).said.size() >= awaited ? held.size() : 0;
  // Who rushes counts from when it could have spoken.
  const std::uint64_t before = transcript_.latest_but(awaited - 1);
  const auto waits = std::find_if(held.begin(), held.end(),
                                  [&](const HeldBack& each) { return each.gradients >= before; });
  return static_cast<std::size_t>(waits - held.begin());
}

// Byzantine nodes whose time has come speak.
void Simulation::release_held_back(const Saying& saying) {
  const auto queue = held_back_.find(queue_of(saying));
  if (queue == held_back_.end()) return;
  std::vector<HeldBack>& held = queue->second;
  const auto end = held.begin() + static_cast<std::ptrdiff_t>(ready_to_send(held, saying));
  for (auto each = held.begin(); each != end; ++each) forge(*each);
  held.erase(held.begin(), end);
  if (held.empty()) held_back_.erase(queue);
}

std::vector<Payload> Simulation::chosen_by_adversary(const HeldBack& held,
                                                     const Utterance& utterance) {
  const Send& send = held.send;
  if (!send.vector) return std::vector<Payload>(utterance.receivers.size());
  if (!is_out_of_step(send.phase))
    return adversary_->speak(utterance, view_of(transcript_.of(utterance.saying())));
  if (!workload_->has_numbers()) return adversary_->speak(utterance, view_of({}));
  const Spoken spoken = transcript_.since(scenario().rushing ? held.gradients : 0);
  return adversary_->speak(utterance, view_of(spoken));
}

void Simulation::forge(const HeldBack& held) {
  const Send& send = held.send;
  const std::vector<NodeId> receivers = receivers_of(held.source, send.to);
  const Utterance utterance{held.source.id, send.phase, send.step,        send.vector,
                            receivers,      send.round, held.source.twin, send.repeat};
  const std::vector<Payload> words = chosen_by_adversary(held, utterance);
  BYZ_CHECK(words.size() == receivers.size(), "the adversary answers for every receiver");
  for (std::size_t i = 0; i < receivers.size(); ++i) {
    const bool silence =
        send.vector ? !words[i] : adversary_->silent(scenario(), utterance, receivers[i]);
    if (silence) continue;
    post(std::make_shared<const Message>(Message{held.source.id, send.phase, send.step, words[i],
                                                 send.round, send.quorum, send.vote,
                                                 held.source.twin, send.repeat}),
         receivers[i]);
  }
}

AdversaryView Simulation::view_of(const Spoken& spoken) const {
  return {scenario(),
          now_,
          workload_->dimension(),
          spoken.honest,
          spoken.corrupted,
          spoken.said.size(),
          workload_->executor()};
}

std::int64_t Simulation::byzantine_nodes() const {
  return scenario().servers.byzantine.actual + scenario().workers.byzantine.actual;
}

// Drops what no Byzantine node can ask for any more: the slowest of them decides. Asking all of
// them costs no more than the messages since.
void Simulation::forget_the_past() {
  const auto nodes = static_cast<std::uint64_t>(byzantine_nodes());
  if (nodes == 0 || totals_.messages < forgotten_at_ + nodes) return;
  forgotten_at_ = totals_.messages;
  std::int64_t oldest = scenario().steps;
  for (const auto& [saying, queue] : held_back_)
    for (const HeldBack& held : queue) oldest = std::min(oldest, held.send.step);
  for (const Role role : {Role::server, Role::worker}) {
    const Group& group = scenario().group_of(role);
    for (std::int64_t i = group.correct(); i < group.count; ++i)
      if (const NodeId id{role, static_cast<std::uint32_t>(i)}; !is_gone(id))
        oldest = std::min(oldest, node({id}).step());
  }
  for (const auto& [id, twin] : twins_)
    if (!is_gone(id)) oldest = std::min(oldest, twin->step());
  transcript_.forget_before(oldest);
}

}  // namespace byzsim
