// The graphs of a run before anything is checked of them: every choice of /topology and
// /topology_changes, drawn as often as it asks for, with the same nodes Byzantine in all.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/graphs/placement.h"
#include "core/input/issue.h"

namespace byzsim {

struct Scenario;

/// A graph, and the first step in which nodes use it.
struct PlacedFrom {
  std::int64_t step;
  PlacedGraph placed;
};

/// Those that the run reaches, in the order of their steps, with that many Byzantine nodes; none,
/// and an issue, where a choice gives none. The edges of a graph are drawn by its step, whatever
/// the others are. Throws InputError as make_graph() does.
std::vector<PlacedFrom> placed_graphs(const Scenario& scenario, std::int64_t byzantine,
                                      Issues& issues);

/// ", in the graph from step 30 on", where there are several.
std::string in_graph_from(std::int64_t step, bool several);

}  // namespace byzsim
