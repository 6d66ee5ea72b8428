// The graph of a decentralised run, for the picture on the run's page.
#pragma once

#include "core/input/json.h"
#include "sim/scenario/node_graph.h"

namespace byzsim {

/// Of the first graph, with the number of all: {"graphs": N, "nodes": N, "honest": N, "edges": N,
/// "most_drawn": N, "places": [[x, y] of node 0, ...],
///  "neighbours": [those of node 0 with a larger index, ...]}.
/// Places are those of layout_of, within the circle of radius 1, to four decimals; nodes 0 ...
/// honest - 1 are honest. Above most_drawn nodes there are no places and no neighbours.
Json graph_json(const NodeGraphs& graphs);

}  // namespace byzsim
