// Recursive momentum: m = g(x) + beta (m - g(x')), both of one batch.
#include <algorithm>

#include "core/worker_algorithms/worker_algorithm.h"

namespace byzsim::worker_algorithms_list {
namespace {

std::vector<float> wanted_by_storm(const WorkerStep& input) {
  std::vector<float> momentum = input.here();
  const std::span<float> kept = input.state[0];
  if (!input.step.first) {
    const double beta = input.step.parameters.real("beta");
    const std::vector<float> before = input.before();
    for (std::size_t j = 0; j < momentum.size(); ++j)
      momentum[j] =
          static_cast<float>(double(momentum[j]) + beta * (double(kept[j]) - double(before[j])));
  }
  std::copy(momentum.begin(), momentum.end(), kept.begin());
  return momentum;
}

}  // namespace

WorkerAlgorithm storm() {
  return {.declaration = {.name = "storm",
                          .summary = "momentum that the change of each batch's gradient since the "
                                     "model before corrects",
                          .source = "STORM, or momentum variance reduction, as we understand it",
                          .parameters = {real("beta", 0.9, 0, 1, "share of the momentum before")},
                          .aliases = {"mvr"}},
          .state_vectors = 1,
          .dense = [](const AlgorithmStep&) { return false; },
          .batches = [](const AlgorithmStep& step) { return step.first ? 1 : 2; },
          .takes_gradient = [](const AlgorithmStep&) { return false; },
          .wanted = wanted_by_storm};
}

}  // namespace byzsim::worker_algorithms_list
