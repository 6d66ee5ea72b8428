// The weights with which a node mixes its vector with those of its neighbours in gossip. Degrees
// count all neighbours, Byzantine ones too: an honest node cannot tell them apart.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/graphs/graph.h"
#include "core/input/words.h"

namespace byzsim {

/// With the degrees d_i and the largest of the graph, D:
enum class GossipWeights {
  metropolis,  ///< w_ij = 1 / (1 + max(d_i, d_j)): symmetric
  uniform,     ///< w_ij = 1 / (1 + d_i): a plain mean; rows sum to 1, columns need not
  laplacian,   ///< w_ij = 1 / D, so that W = I - L / D: symmetric
};

template <>
struct Words<GossipWeights> {
  static constexpr std::array all = {"metropolis", "uniform", "laplacian"};
};

/// Row `vertex` of the weight matrix: its own weight, then those of its neighbours in their order.
/// The own weight is what the others leave of 1, and not negative. `largest` is
/// largest_degree(graph), which only `laplacian` uses.
std::vector<double> weights_of(const Graph& graph, GossipWeights kind, std::size_t vertex,
                               std::size_t largest);

}  // namespace byzsim
