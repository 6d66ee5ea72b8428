// Protocols: who waits for whom. One file a protocol under protocols/, in the paper's words.
#pragma once

#include <memory>

#include "core/input/issue.h"
#include "core/input/table.h"
#include "sim/scenario/scenario.h"
#include "sim/world/node.h"

namespace byzsim {

class Workload;

struct Protocol {
  Declaration declaration;
  /// Fills in quorums that the scenario left open.
  void (*resolve)(Scenario& scenario);
  /// Adds an issue for each condition on n, f and q that does not hold.
  void (*check)(const Scenario& scenario, Issues& issues);
  /// The state machine of one node, as an honest node runs it.
  std::unique_ptr<Node> (*make_node)(const std::shared_ptr<const Workload>& workload, NodeId id);
  /// Whether nodes only ever use whole quorums of the scenario's sizes.
  bool fixed_quorums = true;
  /// Whether every worker answers every step; otherwise each answers the step it was given.
  bool in_step = true;
};

const Table<Protocol>& protocols();

}  // namespace byzsim
