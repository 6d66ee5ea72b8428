// What a worker does between two messages: its local steps of SGD from the model that it was given
// (FedAvg: McMahan et al., AISTATS 2017, as we understand it). One step is the gradient of SGD.
#pragma once

#include <cstdint>
#include <vector>

#include "core/input/words.h"
#include "sim/nodes/workload.h"

namespace byzsim {

/// What a client sends: the sum of the gradients of its local steps, so that one step is SGD; its
/// model minus the one that it began with; or its model.
enum class Contribution { gradients, updates, models };
template <>
struct Words<Contribution> {
  static constexpr std::array<const char*, 3> all = {"gradients", "updates", "models"};
};

/// The local steps of one round.
struct LocalRound {
  std::int64_t worker;
  std::int64_t step;         ///< of the model: its learning rate holds for all of the round
  std::int64_t first_batch;  ///< number of the worker's batch of the first step
  std::int64_t steps;        ///< at least 1
};

/// How many local steps a worker makes from the model of a step; `batches` names the draw.
std::int64_t local_steps_of(const Workload& workload, std::int64_t worker, std::int64_t batches);

/// Each local step is y <- y - rate (g + weight_decay y + proximal (y - x)), from y = x = `start`,
/// rounded once. What is sent of them: for `gradients` the sum of all that is in brackets but for
/// weight_decay x, which the descent from x adds (Workload::descend); so that one local step
/// sends the gradient itself.
std::vector<float> trained_from(const Workload& workload, const LocalRound& round,
                                const std::vector<float>& start, Contribution sent);

}  // namespace byzsim
