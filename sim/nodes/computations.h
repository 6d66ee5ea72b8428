// What honest nodes compute, as payloads: each is a pure function of payloads, computed on any
// thread whenever it is needed. Without numbers every result is blank.
//
// Preconditions of all: a node aggregates at least one vector, and every vector has the model's
// dimension. Inboxes drop all others before (inbox.h).
//
// A payload builds on others, which build on others: each of these functions first sees to it that
// what it builds on is computed or being computed, so that chains stay one step long. Nodes that
// received the same models share their median.
#pragma once

#include <memory>

#include "sim/nodes/local_training.h"
#include "sim/nodes/workload.h"

namespace byzsim {

using SharedWorkload = std::shared_ptr<const Workload>;

/// The rule for models applied to those a worker received: the point of its gradient (the median of
/// q_ps models in ByzSGD: El-Mhamdi et al., PODC 2020). Computed with the gradient that asks for
/// it. Where a rule keeps vectors of each sender, `memory`, empty at first, becomes the new one, of
/// this and the other aggregations.
Payload point_of(const SharedWorkload& workload, const std::vector<Payload>& models,
                 const Occasion& occasion, Payload& memory);

/// What a worker keeps from one round to the next.
struct Training {
  static constexpr std::size_t kFields = 3;  // of an archive
  std::int64_t batches = 0;                  ///< that it has drawn
  std::int64_t steps = 0;                    ///< local steps of the latest round
  Payload momentum;                          ///< where workers keep it; empty at first
};

/// Which examples a gradient is of.
enum class Drawn { batch, whole_share };

/// What a worker sends of its local steps from `point`, the model of a step: with one step the
/// gradient of its next batch (local_training.h). Where workers keep momentum, it is the momentum
/// after that vector or, by Nesterov, beta momentum + (1 - beta) of it. `training` becomes the new
/// one. Of the whole share: instead, the gradient on all of the worker's examples. Launched.
Payload gradient_at(const SharedWorkload& workload, std::int64_t worker, std::int64_t step,
                    const Payload& point, Training& training,
                    Contribution sent = Contribution::gradients, Drawn drawn = Drawn::batch);

/// What receivers read of a vector that a worker sends under a key, after /workers/compressor, by
/// draws that the worker and the key name; empty where workers do not compress. Launched.
Payload compressed(const SharedWorkload& workload, NodeId worker, const MessageKey& key,
                   const Payload& vector);

/// The rule for gradients applied to those a server received (MDA over q_w gradients in ByzSGD:
/// El-Mhamdi et al., PODC 2020). Computed with the model that asks for it.
Payload aggregate_of(const SharedWorkload& workload, std::vector<Payload> gradients,
                     const Occasion& occasion, Payload& memory);

/// The zero vector.
Payload zero_of(const SharedWorkload& workload);

/// The mean of `count` vectors, from the mean of all but the last, which is empty for the first.
/// Launched.
Payload running_mean(const SharedWorkload& workload, const Payload& mean, const Payload& last,
                     std::int64_t count);

/// Where a server goes: the aggregate or, where servers keep momentum, what becomes of it as at a
/// worker; `momentum`, empty at first, becomes the new one.
Payload direction_of(const SharedWorkload& workload, const Payload& aggregate, Payload& momentum);

/// `combine` of the two vectors coordinate by coordinate, in double and rounded once. Launched.
Payload combined(const SharedWorkload& workload, const Payload& a, const Payload& b,
                 std::function<double(double, double)> combine);

/// Computes it here unless another thread has begun: a payload that is made of another asks for it
/// first, so that no chain of them is longer than a step.
void begin_computing(const Payload& payload);

/// The mean of two vectors. Launched.
Payload midway(const SharedWorkload& workload, const Payload& a, const Payload& b);

/// `combined` + `gradient` - `before`: what follows the mean gradient (gradient tracking).
/// Launched.
Payload tracked(const SharedWorkload& workload, const Payload& combined, const Payload& gradient,
                const Payload& before);

/// The model one step further along `direction`: the learning rate of `step` times `damping`, a
/// factor in [0, 1], times the direction (Workload::descend). Launched.
Payload descend(const SharedWorkload& workload, const Payload& model, const Payload& direction,
                std::int64_t step, double damping = 1);

/// The rule for models applied to those a server gathered: distributed median contraction where the
/// rule is the median (DMC: El-Mhamdi et al., PODC 2020). Launched.
Payload contract(const SharedWorkload& workload, const std::vector<Payload>& models,
                 const Occasion& occasion, Payload& memory);

}  // namespace byzsim
