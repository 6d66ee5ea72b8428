// What a scenario may name that stands on floors above it: handed in by whoever reads, writes or
// checks one.
#pragma once

#include <vector>

#include "core/input/issue.h"
#include "core/input/parameters.h"
#include "sim/scenario/expectation.h"

namespace byzsim {

struct Scenario;

/// A protocol as far as it concerns a scenario.
struct ProtocolConditions {
  Declaration declaration;
  /// Fills in quorums that the scenario left open.
  void (*resolve)(Scenario& scenario);
  /// Adds an issue for each condition on n, f and q that does not hold.
  void (*check)(const Scenario& scenario, Issues& issues);
};

struct ScenarioTables {
  std::vector<Declaration> attacks;
  std::vector<Declaration> schedulers;
  std::vector<ProtocolConditions> protocols;
  /// What expectations may be about: columns of metrics.csv and totals of a run.
  std::vector<MetricDescription> metrics;
};

}  // namespace byzsim
