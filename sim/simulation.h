// The simulated world as a value: queue, nodes, adversary, digests. Copying a Simulation forks
// time; the copy continues to the same digest. The event loop is sequential and decides everything
// in simulated time; vectors are computed on other threads whenever they are needed.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "sim/adversary.h"
#include "sim/event_queue.h"
#include "sim/metrics.h"
#include "sim/node.h"
#include "sim/run_digest.h"
#include "sim/workload.h"

namespace byzsim {

enum class EventKind : std::uint32_t { start = 0, delivery = 1, computed = 2 };
const char* to_string(EventKind kind);

/// What one event was; what a trace shows.
struct Occurrence {
  SimTime time = 0;
  EventKind kind = EventKind::start;
  NodeId target{};
  std::optional<Message> message;  ///< of a delivery
  std::optional<Verdict> verdict;  ///< of a delivery
};

/// Totals over the run so far.
struct Totals {
  std::uint64_t events = 0;
  std::uint64_t messages = 0;  ///< sent, whether delivered yet or not
  std::uint64_t bytes = 0;
  VerdictCounts verdicts{};  ///< of delivered messages
};

class Simulation {
 public:
  /// The executor of the workload outlives the simulation.
  Simulation(std::shared_ptr<const Workload> workload, std::unique_ptr<Adversary> adversary);
  Simulation(const Simulation& other);
  Simulation& operator=(const Simulation& other);
  Simulation(Simulation&&) = default;
  Simulation& operator=(Simulation&&) = default;

  /// Runs the next event; nothing once none is left.
  std::optional<Occurrence> advance();
  /// Waits for every row of metrics. Call after the last advance().
  void finish() { metrics_.finish(); }

  SimTime now() const { return now_; }
  /// Whether every correct server holds the model of the last step.
  bool trained() const;
  /// The step that every correct server has reached.
  std::int64_t step() const;
  const Totals& totals() const { return totals_; }
  const std::vector<MetricsRow>& metrics() const { return metrics_.rows(); }
  /// All layers; metrics only over the rows finished so far.
  RunDigest digest() const;
  const Workload& workload() const { return *workload_; }

 private:
  struct Content {
    EventKind kind;
    NodeId target;
    std::shared_ptr<const Message> message;  // of a delivery
  };

  Node& node(NodeId id);
  bool is_byzantine(NodeId id) const;
  void schedule(NodeId source, std::int64_t delay, Content content);
  void perform(NodeId source, Actions actions);
  void perform(NodeId source, const Send& send);
  void perform(NodeId source, const Compute& compute);
  void perform(NodeId source, const Adopt& adopt);
  void perform(NodeId source, const Consume& consume);
  void post(const std::shared_ptr<const Message>& message, NodeId receiver);
  std::vector<NodeId> receivers_of(NodeId source, Phase phase) const;
  void remember(NodeId source, Phase phase, std::int64_t step, const Payload& vector);
  std::vector<Payload> words_of(NodeId source, const Send& send,
                                const std::vector<NodeId>& receivers);
  void forget_before(std::int64_t step);

  std::shared_ptr<const Workload> workload_;
  std::unique_ptr<Adversary> adversary_;
  EventQueue<Content> queue_;
  SimTime now_ = 0;
  std::vector<NodeHolder> servers_;
  std::vector<NodeHolder> workers_;
  std::map<NodeId, std::uint64_t> sequences_;  // events caused so far, by source
  // What correct nodes have begun to say, for the adversary's eyes; empty without Byzantine nodes.
  std::map<std::pair<std::int64_t, Phase>, std::vector<Heard>> honest_;
  RunDigest digest_;  // without metrics
  MetricsRecorder metrics_;
  Totals totals_;
};

}  // namespace byzsim
