// Statements of a scenario about its own run, and whether they hold.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/metrics.h"
#include "sim/scenario.h"

namespace byzsim {

/// Of the whole run: what every correct server reached, and which share of what filters judged they
/// let pass, by whether the sender was correct.
struct RunTotals {
  double steps;
  double accepted_share;
  double byzantine_accepted_share;
};

/// What an expectation may be about: the columns of metrics.csv and the totals above.
std::vector<std::string> expectation_metrics();

/// ">=", "<=", ">", "<" and "=".
const std::vector<std::string>& relations();
bool holds(double measured, const std::string& relation, double value);

struct Verified {
  Expectation expectation;
  std::optional<double> measured;  ///< undefined when no row has a value
  bool holds = false;              ///< an undefined value bears nothing out
};

std::vector<Verified> verify(const std::vector<Expectation>& expectations,
                             const std::vector<MetricsRow>& rows, const RunTotals& totals);

}  // namespace byzsim
