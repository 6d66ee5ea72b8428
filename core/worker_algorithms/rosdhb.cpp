// The server keeps the momentum of each worker's compressed gradients, which no worker knows.
#include "core/worker_algorithms/worker_algorithm.h"

namespace byzsim::worker_algorithms_list {
namespace {

void mirror_rosdhb(const MirrorStep& input, std::span<float> mirror) {
  const double beta = input.step.parameters.real("beta");
  for (std::size_t j = 0; j < mirror.size(); ++j)
    mirror[j] =
        static_cast<float>(beta * double(mirror[j]) + (1 - beta) * double(input.message[j]));
}

}  // namespace

WorkerAlgorithm rosdhb() {
  return {.declaration = {.name = "rosdhb",
                          .summary = "compressed gradients, whose momentum the server keeps for "
                                     "each worker; meant for random_k with shared coins",
                          .source = "RoSDHB, as we understand it",
                          .parameters = {real("beta", 0.9, 0, 0.9999,
                                              "share of the momentum before, which begins at 0")}},
          .dense = [](const AlgorithmStep&) { return false; },
          .batches = [](const AlgorithmStep&) { return 1; },
          .takes_gradient = [](const AlgorithmStep&) { return false; },
          .wanted = [](const WorkerStep& step) { return step.here(); },
          .mirror = mirror_rosdhb};
}

}  // namespace byzsim::worker_algorithms_list
