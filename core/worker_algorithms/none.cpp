#include "core/worker_algorithms/worker_algorithm.h"

namespace byzsim::worker_algorithms_list {

WorkerAlgorithm none() {
  return {.declaration = {.name = "none",
                          .summary = "the gradient of a batch, or the momentum of such gradients",
                          .source = ""},
          .dense = [](const AlgorithmStep&) { return false; },
          .batches = [](const AlgorithmStep&) { return 0; },
          .takes_gradient = [](const AlgorithmStep&) { return true; },
          .wanted = [](const WorkerStep& step) { return step.gradient(); },
          .with_momentum = true};
}

}  // namespace byzsim::worker_algorithms_list
