#include "core/graphs/weights.h"

#include <algorithm>
#include <cstddef>

#include "core/check.h"

namespace byzsim {
namespace {

double reciprocal(std::size_t count) { return 1.0 / static_cast<double>(count); }

// In source order: the weights are part of what a run computes.
double remainder_of(const std::vector<double>& weights) {
  double others = 0;
  for (std::size_t i = 1; i < weights.size(); ++i) others += weights[i];
  return std::max(0.0, 1.0 - others);
}

std::vector<double> metropolis_weights(const Graph& graph, std::size_t vertex) {
  std::vector<double> weights = {0.0};
  for (const std::uint32_t neighbour : graph.neighbours[vertex])
    weights.push_back(
        reciprocal(1 + std::max(degree_of(graph, vertex), degree_of(graph, neighbour))));
  weights[0] = remainder_of(weights);
  return weights;
}

std::vector<double> equal_weights(std::size_t neighbours, double each, double own) {
  std::vector<double> weights(1 + neighbours, each);
  weights[0] = own;
  return weights;
}

}  // namespace

std::vector<double> weights_of(const Graph& graph, GossipWeights kind, std::size_t vertex,
                               std::size_t largest) {
  const std::size_t degree = degree_of(graph, vertex);
  switch (kind) {
    case GossipWeights::metropolis:
      return metropolis_weights(graph, vertex);
    case GossipWeights::uniform:
      return equal_weights(degree, reciprocal(degree + 1), reciprocal(degree + 1));
    case GossipWeights::laplacian:
      BYZ_CHECK(largest >= degree, "no degree is above the largest");
      if (largest == 0) return {1.0};
      // Rounded once: a sum of the others would leave the node of the largest degree not quite 0.
      return equal_weights(degree, reciprocal(largest),
                           static_cast<double>(largest - degree) * reciprocal(largest));
  }
  BYZ_CHECK(false, "each kind of weights has its formula");
  return {};
}

}  // namespace byzsim
