// What a worker answers by /workers/algorithm, and what the server makes of that: messages are
// compressed, and the server keeps for each worker the vector that they add up to, its mirror.
//
// What a Byzantine worker sends is all that its mirror depends on: an attack decides the message.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "sim/nodes/computations.h"

namespace byzsim {

/// What a worker keeps for its algorithm from one step to the next.
struct AlgorithmMemory {
  static constexpr std::size_t kFields = 2;  // of an archive
  /// What it wanted to send, what receivers read of that, and the vectors of the algorithm, one
  /// after the other; empty before the first step.
  Payload kept;
  Payload point;  ///< of the latest step
};

/// What a worker answers to the model of a step.
struct WorkerAnswer {
  Payload vector;
  Payload compressed;    ///< what receivers read of it; empty where it is sent as it is
  std::int64_t batches;  ///< whose gradients it takes one after the other
};

/// The answer under `key` at `point`, the model of the step: by the algorithm, or what it sends of
/// its local steps. `training` and `memory` become the new ones.
WorkerAnswer answer_at(const SharedWorkload& workload, NodeId worker, const MessageKey& key,
                       const Payload& point, Training& training, AlgorithmMemory& memory,
                       Contribution sent);

/// The vectors that the rule aggregates of what workers sent for a step: their new mirrors, which
/// `mirrors` holds by worker from now on, or what they sent. `aggregate`: of the step before; empty
/// in the first.
std::vector<Payload> mirrored(const SharedWorkload& workload, const std::vector<Heard>& heard,
                              std::int64_t step, const Payload& aggregate,
                              std::map<std::uint32_t, Payload>& mirrors);

}  // namespace byzsim
