// What the nodes of every protocol on a graph do with the vectors of their neighbours.
#pragma once

#include <vector>

#include "sim/nodes/computations.h"

namespace byzsim {

/// The vectors with the node's own in its place, which is by sender as in a quorum.
std::vector<Heard> with_own(std::vector<Heard> heard, Heard own);

/// What the scenario's rule makes of a node's own vector and those of some of its neighbours, with
/// the graph's gossip weights: that of a neighbour whose vector is not there goes to the node's
/// own. The rule assumes as many Byzantine vectors as the node tolerates, less those neighbours.
/// With fewer vectors than the rule can be computed of, the node's own. Launched. `heard` is by
/// sender and holds the own vector; `key` names its draws; `memory` as in contract().
Payload combine_on_graph(const SharedWorkload& workload, NodeId id, const MessageKey& key,
                         const std::vector<Heard>& heard, Payload& memory);

/// The same with equal weights, of what should be that many vectors.
Payload combine_equally(const SharedWorkload& workload, NodeId id, const MessageKey& key,
                        const std::vector<Heard>& heard, std::size_t expected, Payload& memory);

}  // namespace byzsim
