// Where the vertices of a graph are drawn, so that neighbours are near each other and others are
// not. Doubles in a fixed order without the C library's functions: the same places everywhere.
#pragma once

#include <cstddef>
#include <vector>

#include "core/graphs/graph.h"

namespace byzsim {

struct Place {
  double x;
  double y;
};

/// The time and the memory grow with the square of the number of vertices: a second at this one.
inline constexpr std::size_t kMostDrawn = 1000;

/// A place for each vertex, within the circle of radius 1 round (0, 0); 0 ... honest - 1 are
/// honest. Where nearly all honest pairs are joined, all are on a circle in their order; where most
/// are, but few across the Fiedler cut, its sides are on two circles, and the Byzantine ones below.
/// Otherwise the distances of places follow the lengths of shortest paths: classical scaling
/// (Torgerson, Psychometrika 17(4), 1952), then stress majorization (Gansner, Koren, North, Graph
/// Drawing 2004). At most kMostDrawn vertices.
std::vector<Place> layout_of(const Graph& graph, std::size_t honest);

}  // namespace byzsim
