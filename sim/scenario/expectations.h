// Statements of a scenario about its own run, and whether they hold.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/results/metrics.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// Of the whole run.
struct RunTotals {
  double steps;           ///< that every correct server reached
  double accepted_share;  ///< of what filters judged of correct senders, what they let pass
  double byzantine_accepted_share;
  double broken_invariants = 0;  ///< how often any was
  bool stalled = false;          ///< a quorum never completed
  bool timed_out = false;        ///< the time limit came first
  bool diverged = false;         ///< a recorded loss is not finite
};

/// What an expectation may be about: the columns of metrics.csv and the totals above, where true
/// counts as 1 and false as 0.
std::vector<std::string> expectation_metrics();
/// The totals, for people.
std::vector<MetricDescription> total_descriptions();

/// Which row "end", "max" or "min" asks for, as Expectation::at has it; that of the end for no
/// word, nothing for another.
std::optional<std::string> row_named(const std::string& word);

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
