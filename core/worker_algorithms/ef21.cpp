// Error feedback: C(gradient - g_i) is sent, and both sides add it to g_i. With momentum at the
// workers the gradient is their momentum, as in EF21-SGDM.
#include <algorithm>

#include "core/worker_algorithms/worker_algorithm.h"

namespace byzsim::worker_algorithms_list {
namespace {

std::vector<float> wanted_by_ef21(const WorkerStep& input) {
  std::vector<float> gradient = input.gradient();
  if (input.step.first) return gradient;
  return combined_vectors(gradient, input.state[0], [](double a, double b) { return a - b; });
}

}  // namespace

WorkerAlgorithm ef21() {
  return {.declaration = {.name = "ef21",
                          .summary = "the compressed change of the gradient since the vector that "
                                     "the server has of the worker; the first message is whole",
                          .source = "Byz-EF21 and, with worker momentum, Byz-EF21-SGDM, as we "
                                    "understand them",
                          .parameters = {gradients_parameter()}},
          .state_vectors = 1,
          .dense = [](const AlgorithmStep& step) { return step.first; },
          .batches = [](const AlgorithmStep&) { return 0; },
          .takes_gradient = [](const AlgorithmStep&) { return true; },
          .wanted = wanted_by_ef21,
          .sent =
              [](const WorkerStep& input, std::span<const float> message) {
                add_message(input.step.first, message, input.state[0]);
              },
          .mirror =
              [](const MirrorStep& input, std::span<float> mirror) {
                add_message(input.step.first, input.message, mirror);
              },
          .with_momentum = true};
}

}  // namespace byzsim::worker_algorithms_list
