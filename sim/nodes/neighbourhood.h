// What the nodes of every protocol on a graph do with the vectors of their neighbours.
#pragma once

#include <functional>
#include <limits>
#include <vector>

#include "sim/nodes/computations.h"
#include "sim/nodes/inbox.h"

namespace byzsim {

/// An inbox of what a node's neighbours send it in a phase: a quorum is what all of the step send,
/// or `most` of them.
Inbox inbox_of_neighbours(const Workload& workload, NodeId id, Phase phase,
                          std::int64_t most = std::numeric_limits<std::int64_t>::max());

/// The vectors with the node's own in its place, which is by sender as in a quorum.
std::vector<Heard> with_own(std::vector<Heard> heard, Heard own);

/// What a neighbour is whose vector is not there: in rounds faulty, after a timeout; without rounds
/// perhaps late, so that the Byzantine ones may all be among the others.
enum class Absent { faulty, late };

/// What a combination makes, and what the rule did to the vectors for it: empty where it counts
/// nothing.
struct Combined {
  Payload vector;
  std::function<RuleCounts()> count = {};
};

/// What the scenario's rule makes of a node's own vector and those of some of its neighbours, with
/// the graph's gossip weights: that of a neighbour whose vector is not there goes to the node's
/// own. The rule assumes as many Byzantine vectors as the node tolerates, less those of neighbours
/// that are known to be faulty. With fewer vectors than its condition asks for, the node's own.
/// Launched. `heard` is by sender and holds the own vector; `key`, the step of which is the one
/// that follows the exchange, names its draws; `memory` as in contract().
Combined combine_on_graph(const SharedWorkload& workload, NodeId id, const MessageKey& key,
                          const std::vector<Heard>& heard, Absent absent, Payload& memory);

/// The same with equal weights, of what should be that many vectors; the others are faulty.
Combined combine_equally(const SharedWorkload& workload, NodeId id, const MessageKey& key,
                         const std::vector<Heard>& heard, std::size_t expected, Payload& memory);

}  // namespace byzsim
