// By a coin that all workers share, a whole gradient, or C of the change of a batch's gradient
// since the model before, which the server adds to the aggregate before or to what it has of the
// worker.
#include <algorithm>

#include "core/worker_algorithms/worker_algorithm.h"

namespace byzsim::worker_algorithms_list {
namespace {

bool is_whole(const AlgorithmStep& step) { return step.first || step.coin; }

std::vector<float> wanted_by_marina(const WorkerStep& input) {
  if (is_whole(input.step)) return input.gradient();
  return combined_vectors(input.here(), input.before(), [](double a, double b) { return a - b; });
}

void mirror_marina(const MirrorStep& input, std::span<float> mirror) {
  if (!is_whole(input.step) && input.step.parameters.word("around") == "aggregate")
    std::copy(input.aggregate.begin(), input.aggregate.end(), mirror.begin());
  add_message(is_whole(input.step), input.message, mirror);
}

}  // namespace

WorkerAlgorithm marina() {
  return {.declaration = {.name = "marina",
                          .summary = "by a common coin a whole gradient, or the compressed change "
                                     "of a batch's gradient since the model before",
                          .source = "Byz-VR-MARINA and, around own vectors, its second version, as "
                                    "we understand them",
                          .parameters = {coin_parameter(0.1, "probability of a whole gradient"),
                                         word("around", {"aggregate", "own"},
                                              "what the server adds a change to: the aggregate of "
                                              "the step before, or the worker's own vector"),
                                         gradients_parameter()}},
          .dense = is_whole,
          .batches = [](const AlgorithmStep& step) { return is_whole(step) ? 0 : 2; },
          .takes_gradient = is_whole,
          .wanted = wanted_by_marina,
          .mirror = mirror_marina};
}

}  // namespace byzsim::worker_algorithms_list
