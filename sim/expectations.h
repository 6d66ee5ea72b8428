// Statements of a scenario about its own run, and whether they hold.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/metrics.h"
#include "sim/scenario.h"

namespace byzsim {

/// What an expectation may be about: the columns of metrics.csv, and "steps".
std::vector<std::string> expectation_metrics();

struct Verified {
  Expectation expectation;
  std::optional<double> measured;  ///< undefined when no row has a value
  bool holds = false;              ///< an undefined value bears nothing out
};

/// `steps`: what every correct server reached.
std::vector<Verified> verify(const std::vector<Expectation>& expectations,
                             const std::vector<MetricsRow>& rows, std::int64_t steps);

/// "accuracy at the end >= 0.9".
std::string to_string(const Expectation& expectation);

}  // namespace byzsim
