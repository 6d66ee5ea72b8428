// A worker keeps an estimate h of its gradient, which a batch's change corrects and a common coin
// renews: it sends C(h - h' - a (g_i - h')), with h' the estimate before, and both sides add that
// to g_i.
#include <algorithm>

#include "core/worker_algorithms/worker_algorithm.h"

namespace byzsim::worker_algorithms_list {
namespace {

bool is_renewed(const AlgorithmStep& step) { return step.first || step.coin; }

double momentum_of(const AlgorithmStep& step) {
  return step.parameters.is_word("a") ? 1 / (2 * step.variance + 1) : step.parameters.real("a");
}

std::vector<float> wanted_by_dasha(const WorkerStep& input) {
  const std::span<float> estimate = input.state[0], own = input.state[1];
  std::vector<float> next = is_renewed(input.step) ? input.gradient() : input.here();
  if (!is_renewed(input.step)) {
    const std::vector<float> before = input.before();
    for (std::size_t j = 0; j < next.size(); ++j)
      next[j] = static_cast<float>(double(estimate[j]) + double(next[j]) - double(before[j]));
  }
  std::vector<float> wanted = next;
  if (!input.step.first) {
    const double a = momentum_of(input.step);
    for (std::size_t j = 0; j < next.size(); ++j)
      wanted[j] = static_cast<float>(double(next[j]) - double(estimate[j]) -
                                     a * (double(own[j]) - double(estimate[j])));
  }
  std::copy(next.begin(), next.end(), estimate.begin());
  return wanted;
}

}  // namespace

WorkerAlgorithm dasha_page() {
  return {
      .declaration = {.name = "dasha_page",
                      .summary = "the compressed change of a worker's estimate of its gradient, "
                                 "pulled towards what the server has of it; never whole but first",
                      .source = "Byz-DASHA-PAGE, as we understand it",
                      .parameters = {coin_parameter(0.1,
                                                    "probability that estimates are renewed "
                                                    "by a whole gradient, for all workers"),
                                     real("a", 0.1, 0, 1,
                                          "how far a message pulls the server's vector towards "
                                          "the estimate; auto: 1 / (2 omega + 1) with the "
                                          "compressor's omega, 1 where it has none")
                                         .or_default_word("auto"),
                                     gradients_parameter()}},
      .state_vectors = 2,
      .dense = [](const AlgorithmStep& step) { return step.first; },
      .batches = [](const AlgorithmStep& step) { return is_renewed(step) ? 0 : 2; },
      .takes_gradient = is_renewed,
      .wanted = wanted_by_dasha,
      .sent =
          [](const WorkerStep& input, std::span<const float> message) {
            add_message(input.step.first, message, input.state[1]);
          },
      .mirror =
          [](const MirrorStep& input, std::span<float> mirror) {
            add_message(input.step.first, input.message, mirror);
          }};
}

}  // namespace byzsim::worker_algorithms_list
