// The cut of a graph at its bottleneck: by the signs of the Fiedler vector, an eigenvector of the
// second smallest eigenvalue of the Laplacian (Fiedler, Czechoslovak Mathematical Journal 23(2),
// 1973). Double arithmetic in the order of the source, with no other function than the square root,
// so the bits are the same everywhere: an adversary may cut by it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/graphs/graph.h"

namespace byzsim {

/// An approximate Fiedler vector of the honest part, 0 ... honest - 1, of norm 1, whose first entry
/// that is not 0 is positive; what is below 1e-9 of its largest entry is 0. By power iteration with
/// the inverse Laplacian, which conjugate gradients apply. Where several eigenvectors belong to the
/// eigenvalue (ring, complete), it is one of them, the same every time. The honest part is
/// connected and has at least two vertices.
std::vector<double> fiedler_vector(const Graph& graph, std::size_t honest);

/// The same; empty where there is none: the honest part is not connected, or a single vertex.
std::vector<double> fiedler_vector_if_any(const Graph& graph, std::size_t honest);

/// The side, 0 or 1, of every vertex. Honest ones are on side 1 where the Fiedler vector is
/// negative, so vertex 0 is on side 0; Byzantine ones on the side of most of their honest
/// neighbours; ties are on side 0. Where the honest part is not connected, side 0 is the component
/// of vertex 0. At least one vertex is honest.
std::vector<std::uint8_t> fiedler_cut(const Graph& graph, std::size_t honest);
/// The same by a vector that is there already: that of fiedler_vector_if_any().
std::vector<std::uint8_t> fiedler_cut(const Graph& graph, std::size_t honest,
                                      const std::vector<double>& fiedler);

}  // namespace byzsim
