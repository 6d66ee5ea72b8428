// How fast gossip among the honest nodes of a graph agrees: eigenvalues of its weights and of its
// Laplacian. For people to read: computed by Eigen, whose last bits may differ between machines, so
// that nothing of it may reach a digest (core/graphs/fiedler_cut.h may).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/graphs/graph.h"
#include "core/graphs/weights.h"

namespace byzsim {

/// The time grows with the cube of the number of honest nodes: seconds at this one.
inline constexpr std::size_t kMostForSpectrum = 2000;

struct GraphSpectrum {
  /// 1 - |lambda_2|, lambda_2 being the second largest eigenvalue in absolute value of the honest
  /// rows and columns of the weight matrix, in which the weights of Byzantine neighbours have been
  /// added to the diagonal. 0: not connected, or bipartite without own weights.
  double gap = 1;
  /// The second smallest eigenvalue of the Laplacian of the honest part, the algebraic
  /// connectivity.
  double mu_2 = 0;
  /// Its eigenvector, of norm 1, whose first entry that is not 0 is positive; honest entries.
  std::vector<double> fiedler = {};
};

/// Why the spectrum is not computed: too many honest nodes.
std::optional<std::string> spectrum_problem(std::size_t honest);

/// The spectrum of the honest part, 0 ... honest - 1. One honest node has the gap 1 and no
/// eigenvector. spectrum_problem() reports nothing.
GraphSpectrum spectrum_of(const Graph& graph, std::size_t honest, GossipWeights weights);

}  // namespace byzsim
