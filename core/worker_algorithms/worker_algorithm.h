// Worker algorithms: what a worker makes of its gradients before its message is compressed, and
// what the server that receives the message takes for the worker's vector. One file each under
// worker_algorithms/.
//
// Notation: x is the model of the step, x' the one before, C the compressor, m the message as the
// server reads it, g_i the server's vector of worker i (its mirror, which the worker knows where it
// needs it) and G the aggregate of the mirrors of the step before. All vectors have one dimension.
// Coordinates are computed in double and rounded once.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "core/input/parameters.h"
#include "core/input/table.h"

namespace byzsim {

/// What both sides know of a step.
struct AlgorithmStep {
  const Parameters& parameters;
  bool first;       ///< of the run
  bool coin;        ///< drawn for all workers, true with the probability `p` where there is one
  double variance;  ///< omega of an unbiased compressor; 0 where it is biased, or there is none
};

/// One step of a worker. The functions compute when they are called.
struct WorkerStep {
  AlgorithmStep step;
  std::function<std::vector<float>()> gradient;  ///< at x: of a batch, or of all its examples
  std::function<std::vector<float>()> here;      ///< of a batch at x
  std::function<std::vector<float>()> before;    ///< of the same batch at x'; not in the first step
  /// What the worker keeps, all 0 at first: as many vectors as the algorithm declares.
  std::span<const std::span<float>> state;
};

/// One step of the server's part.
struct MirrorStep {
  AlgorithmStep step;
  std::span<const float> message;    ///< m
  std::span<const float> aggregate;  ///< G; empty in the first step
};

/// One algorithm of the table.
struct WorkerAlgorithm {
  Declaration declaration;
  std::size_t state_vectors = 0;  ///< that a worker keeps
  /// Whether the message of a step is sent as it is, not compressed.
  bool (*dense)(const AlgorithmStep& step);
  /// How many gradients of a batch a step takes, and whether it takes `gradient`.
  int (*batches)(const AlgorithmStep& step);
  bool (*takes_gradient)(const AlgorithmStep& step);
  /// What the worker wants to send; changes the state.
  std::vector<float> (*wanted)(const WorkerStep& step);
  /// The state once m is known; null where it does not depend on that.
  void (*sent)(const WorkerStep& step, std::span<const float> message) = nullptr;
  /// The mirror, all 0 at first; null where the message is what the rule aggregates.
  void (*mirror)(const MirrorStep& step, std::span<float> mirror) = nullptr;
  /// Whether workers may keep momentum, of which the gradient is then.
  bool with_momentum = false;
};

/// All of them, in the order of worker_algorithms.def. The first is the plain gradient.
const Table<WorkerAlgorithm>& worker_algorithms();

/// The parameter `gradients`: whether `gradient` is of all examples of a worker, or of a batch.
Parameter gradients_parameter();
bool takes_all_examples(const Parameters& parameters);

/// The parameter `p`, the probability of the coin; 0 where an algorithm has none.
Parameter coin_parameter(double fallback, const std::string& summary);
double coin_probability(const Parameters& parameters);

/// `combine` of the coordinates of two vectors, in double and rounded once.
template <class Combine>
std::vector<float> combined_vectors(std::span<const float> a, std::span<const float> b,
                                    const Combine& combine) {
  std::vector<float> out(a.size());
  for (std::size_t j = 0; j < out.size(); ++j)
    out[j] = static_cast<float>(combine(double(a[j]), double(b[j])));
  return out;
}

/// Adds a message to what mirrors it, or takes it for that in the first step.
void add_message(bool first, std::span<const float> message, std::span<float> mirror);

}  // namespace byzsim
