// Protocols: which state machine each node is, and which quorums it waits for. One file a protocol
// under protocols/, in the words of its paper.
//
// A protocol is a line of the table; it keeps no state. Its conditions on n, f and q are those
// under which the paper proves it, as we understand it; `unsafe` of a scenario permits others.
#pragma once

#include <memory>

#include "core/input/issue.h"
#include "core/input/table.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/scenario_tables.h"
#include "sim/world/node.h"

namespace byzsim {

class Workload;

/// One protocol of the table; no function is null.
struct Protocol {
  Declaration declaration;
  /// Fills in quorums that the scenario left open.
  void (*resolve)(Scenario& scenario);
  /// Adds an issue for each condition on n, f and q that does not hold.
  void (*check)(const Scenario& scenario, Issues& issues);
  /// The state machine of one node, as an honest node runs it.
  std::unique_ptr<Node> (*make_node)(const std::shared_ptr<const Workload>& workload, NodeId id);
  /// Whether nodes only ever use whole quorums of the scenario's sizes: the first q vectors of
  /// distinct senders (El-Mhamdi et al., PODC 2020, as we understand it).
  bool fixed_quorums = true;
  /// Whether every worker answers every step; otherwise each answers the step it was given, as in
  /// asynchronous SGD (Damaskinos et al., ICML 2018).
  bool in_step = true;
  /// Whether every node of the role server is a worker, too, and those of the role worker are idle.
  bool one_role = false;
  /// Whether its nodes exchange models with their neighbours on a graph: the scenario then has
  /// /nodes and /topology instead of /servers and /workers.
  bool on_graph = false;
  /// Whether a server asks drawn workers only: /workers/participation counts, and a worker that was
  /// never asked costs nothing.
  bool draws_workers = false;
  /// Whether servers move by /optimizer/server; otherwise they only descend.
  bool optimizes_at_server = false;
  /// Whether workers may compress what they send to servers, by /workers/compressor.
  bool compresses = false;
  /// Which /workers/algorithm its workers follow.
  Algorithms algorithms = Algorithms::none;
  /// Whether servers take the median of the first q models of a gather every "gather_period" steps.
  bool gathers = false;
};

const Table<Protocol>& protocols();

}  // namespace byzsim
