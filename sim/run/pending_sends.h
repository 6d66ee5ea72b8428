// What Byzantine nodes are about to send and defer until enough honest nodes have sent theirs, and
// the transcript of what has been sent, which the adversary sees by then.
//
// Deferring is what makes a rushing adversary: it sends last in a step and knows what the others
// sent. Sends that wait for the same honest nodes wait in one queue, in their order.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "sim/run/adversary.h"
#include "sim/run/machines.h"
#include "sim/run/transcript.h"

namespace byzsim {

class Archive;

/// What a Byzantine node would send, were it honest.
struct DeferredSend {
  static constexpr std::size_t kFields = 3;  // of an archive
  Machine source;
  Send send;
  std::uint64_t gradients;  ///< that had been sent before it
};

/// All deferred sends of a run, and what the adversary has seen.
class PendingSends {
 public:
  /// `in_step`: whether every worker answers every step (Protocol::in_step).
  PendingSends(std::shared_ptr<const Workload> workload, bool in_step)
      : workload_(workload), in_step_(in_step), transcript_(std::move(workload)) {}

  /// A node begins to compute what it will send, or sends it; what a Byzantine one sends waits.
  void begin(NodeId source, const MessageKey& key, const Payload& vector) {
    transcript_.begin(source, key, vector);
  }
  void add(const Machine& source, const Send& send);
  /// Those that have waited long enough now that this was sent, in their order. They wait no
  /// longer.
  std::vector<DeferredSend> take_due(const MessageKey& sent, const Adversary& adversary);
  /// What the adversary sees as a pending send becomes due: use(const StepView&).
  template <class Use>
  auto see(const DeferredSend& pending, const Use& use) const {
    const Send& send = pending.send;
    if (!is_out_of_step(send.phase))
      return use(transcript_.of({send.step, send.phase, send.round}));
    if (!workload_->has_numbers()) return use(StepView());
    return use(transcript_.since(workload_->scenario().rushing ? pending.gradients : 0));
  }

  /// What a node is about to send, in the order of keys.
  std::vector<MessageKey> of(NodeId id) const;

  /// All that the adversary has seen and can still ask for.
  const Transcript& transcript() const { return transcript_; }

  /// Whether as much was sent since the past was forgotten as there are Byzantine nodes to ask.
  bool is_time_to_forget(std::uint64_t byzantine_nodes) const {
    return byzantine_nodes > 0 && sent_since_ >= byzantine_nodes;
  }
  /// The least step of a send that waits; `none` where nothing does.
  std::int64_t least_step(std::int64_t none) const;
  /// Forgets what was sent of steps before.
  void forget_before(std::int64_t step) {
    sent_since_ = 0;
    transcript_.forget_before(step);
  }
  /// The vectors of steps before, kept for Byzantine nodes that lag.
  void each_before(std::int64_t step, const PayloadVisit& visit) {
    transcript_.each_before(step, visit);
  }
  /// Writes it, or reads it back (core/input/archive.h).
  void walk(Archive& archive);

 private:
  // Whether others send the same of other steps, because each worker answers its own.
  bool is_out_of_step(Phase phase) const { return phase == Phase::gradient && !in_step_; }
  // Sends that wait for the same honest nodes wait in one queue.
  MessageKey queue_of(const MessageKey& key) const {
    return is_out_of_step(key.phase) ? MessageKey{-1, key.phase, 0} : key;
  }
  std::size_t due(const std::vector<DeferredSend>& queue, const MessageKey& sent,
                  const Adversary& adversary);
  // The honest nodes that honest ones ask in a step, where the protocol draws whom each asks.
  const std::vector<NodeId>& asked_in(std::int64_t step);
  bool enough_of_the_asked_sent(const MessageKey& key, std::size_t awaited);

  std::shared_ptr<const Workload> workload_;
  bool in_step_;
  Transcript transcript_;
  std::uint64_t sent_since_ = 0;                            // the past was forgotten
  std::map<MessageKey, std::vector<DeferredSend>> queues_;  // the first first
  std::int64_t asked_step_ = -1;  // of what follows, which the scenario decides
  std::vector<NodeId> asked_;
};

}  // namespace byzsim
