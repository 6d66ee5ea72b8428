// What a scenario may name that is defined on floors above it (attacks, schedulers, protocols,
// metrics). The caller that reads, writes or checks a scenario passes these tables, so that no
// floor includes one above it.
#pragma once

#include <vector>

#include "core/input/issue.h"
#include "core/input/parameters.h"
#include "sim/scenario/expectation.h"

namespace byzsim {

struct Scenario;

/// Which of core/worker_algorithms/ workers of a protocol may follow: those whose messages servers
/// read as they are, or also those that a server mirrors.
enum class Algorithms { none, unmirrored, all };

/// A protocol as far as it concerns a scenario (sim/protocols/protocol.h); no function is null.
struct ProtocolConditions {
  Declaration declaration;
  /// Fills in quorums that the scenario left open.
  void (*resolve)(Scenario& scenario);
  /// Adds an issue for each condition on n, f and q that does not hold.
  void (*check)(const Scenario& scenario, Issues& issues);
  /// Whether it has nodes on a graph instead of servers and workers.
  bool on_graph = false;
  /// Whether every node is server and worker at once, on a graph or not.
  bool one_role = false;
  /// Whether /workers/participation counts.
  bool draws_workers = false;
  /// Whether /optimizer/server counts.
  bool optimizes_at_server = false;
  /// Whether /workers/compressor counts.
  bool compresses = false;
  /// Whether /workers/algorithm counts.
  Algorithms algorithms = Algorithms::none;
};

/// The tables, each in the order of its list.
struct ScenarioTables {
  std::vector<Declaration> attacks;
  std::vector<Declaration> schedulers;
  std::vector<ProtocolConditions> protocols;
  /// What expectations may be about: columns of metrics.csv and totals of a run.
  std::vector<MetricDescription> metrics;
};

}  // namespace byzsim
