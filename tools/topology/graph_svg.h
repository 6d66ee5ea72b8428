// A graph as a picture: honest nodes are circles, Byzantine ones diamonds. The same bytes for the
// same graph, everywhere.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/graphs/graph.h"

namespace byzsim {

/// What fills the nodes, instead of one colour for honest and one for Byzantine ones.
struct NodeColours {
  std::vector<double> values = {};  ///< in [0, 1], one for each vertex; empty: by honesty
  std::string label = "";           ///< what they are, beside the scale
  std::string low = "0";            ///< what 0 and 1 are, at the ends of the scale
  std::string high = "1";
};

/// The SVG text of the graph, whose vertices 0 ... honest - 1 are honest, with a legend. Nodes have
/// their indices where there is room, and as tooltips. At most kMostDrawn vertices
/// (tools/topology/graph_layout.h); values beyond [0, 1] take the colour of the nearer end.
std::string graph_svg(const Graph& graph, std::size_t honest, const NodeColours& colours = {});

}  // namespace byzsim
