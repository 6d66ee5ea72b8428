// What nodes have begun to send and have sent, as the adversary sees it. Nothing is kept of a run
// without Byzantine nodes, and no vector of a run without numbers.
//
// The adversary is omniscient (El-Mhamdi et al., PODC 2020, as we understand it): it sees the
// vector of an honest node from the moment at which its computation begins, because the result is
// then decided.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "sim/nodes/workload.h"
#include "sim/world/message.h"

namespace byzsim {

class Archive;

/// Which nodes have begun to send, or have sent, which vectors under one key.
struct StepView {
  static constexpr std::size_t kFields = 3;  // of an archive
  std::vector<Heard> honest, corrupted;      ///< begun or sent, by sender
  std::set<NodeId> sent;                     ///< the honest nodes that have
};

/// The vectors of the steps that Byzantine nodes can still ask for.
class Transcript {
 public:
  explicit Transcript(std::shared_ptr<const Workload> workload) : workload_(std::move(workload)) {}

  /// A node begins to compute what it will send, or sends it.
  void begin(NodeId source, const MessageKey& key, const Payload& vector);
  void send(NodeId source, const MessageKey& key, const Payload& vector);

  const StepView& of(const MessageKey& key) const;
  /// Of a protocol whose workers do not answer the same step: gradients sent so far ...
  std::uint64_t gradients() const { return gradients_; }
  /// ... and the latest of each worker among those after the first `gradients`.
  StepView since(std::uint64_t gradients) const;
  /// The number of the latest gradient of an honest worker, leaving out the `others` workers whose
  /// latest are later; 0 where no more have sent any. Gradients are numbered from 1.
  std::uint64_t latest_but(std::size_t others) const;

  /// Forgets everything of steps before.
  void forget_before(std::int64_t step);
  /// The vectors of steps before, which wait for Byzantine nodes that lag.
  void each_before(std::int64_t step, const PayloadVisit& visit);
  /// Writes it, or reads it back (core/input/archive.h).
  void walk(Archive& archive);

 private:
  struct Latest {
    static constexpr std::size_t kFields = 2;  // of an archive
    std::uint64_t number = 0;
    Payload vector;
  };
  bool watched(const Payload& vector) const;

  std::shared_ptr<const Workload> workload_;
  std::map<MessageKey, StepView> views_;
  std::uint64_t gradients_ = 0;
  std::map<NodeId, Latest> latest_;  // gradient that a worker sent
  std::set<std::uint64_t> honest_;   // numbers of the honest ones among them
};

}  // namespace byzsim
