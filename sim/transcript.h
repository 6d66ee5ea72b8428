// What nodes have begun to say and said, for the adversary's eyes. Nothing is kept of a run without
// Byzantine nodes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "sim/message.h"
#include "sim/workload.h"

namespace byzsim {

/// Who has said what.
struct Spoken {
  std::vector<Heard> honest, corrupted;  ///< begun or said, by sender
  std::set<NodeId> said;                 ///< the honest nodes that have
};

class Transcript {
 public:
  explicit Transcript(std::shared_ptr<const Workload> workload) : workload_(std::move(workload)) {}

  /// A node begins to compute what it will say, or says it.
  void begin(NodeId source, const Saying& saying, const Payload& vector);
  void say(NodeId source, const Saying& saying, const Payload& vector);

  const Spoken& of(const Saying& saying) const;
  /// Of a protocol whose workers do not answer the same step: gradients said so far ...
  std::uint64_t gradients() const { return gradients_; }
  /// ... and the latest of each worker among those after the first `gradients`.
  Spoken since(std::uint64_t gradients) const;

  /// Forgets everything of steps before.
  void forget_before(std::int64_t step);

 private:
  struct Latest {
    std::uint64_t number;
    Payload vector;
  };
  bool kept(const Payload& vector) const;

  std::shared_ptr<const Workload> workload_;
  std::map<Saying, Spoken> spoken_;
  std::uint64_t gradients_ = 0;
  std::map<NodeId, Latest> latest_;  // gradient that a worker said
};

}  // namespace byzsim
