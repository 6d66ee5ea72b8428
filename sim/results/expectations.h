// Statements of a scenario about its own run, and whether they hold.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/input/issue.h"
#include "sim/observe/metrics.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// Of the whole run.
struct RunTotals {
  double steps;           ///< that every honest server reached
  double accepted_share;  ///< of what filters judged of correct senders, what they let pass
  double byzantine_accepted_share;
  double broken_invariants = 0;  ///< how often any was
  bool stalled = false;          ///< a quorum never completed
  bool timed_out = false;        ///< the time limit came first
  bool diverged = false;         ///< a recorded loss, or a parameter at the end, is not finite
};

/// What an expectation may be about: the columns of metrics.csv and the totals above, where true
/// counts as 1 and false as 0.
std::vector<std::string> expectation_metrics();
/// The totals, for people.
std::vector<MetricDescription> total_descriptions();

/// Both, for people; what an expectation may be about.
std::vector<MetricDescription> expectation_metric_descriptions();

/// Which row "end", "max" or "min" asks for; that of the end for no word, nothing for another.
std::optional<RowAt> row_named(const std::string& word);

/// Whether a metric is a share of something, in [0, 1]: an accuracy, or what filters let pass.
bool is_fraction(const std::string& metric);

struct Verified {
  Expectation expectation;
  std::optional<double> measured;  ///< undefined when no row has a value
  bool holds = false;              ///< an undefined value bears nothing out
};

std::vector<Verified> verify(const std::vector<Expectation>& expectations,
                             const std::vector<MetricsRow>& rows, const RunTotals& totals);

}  // namespace byzsim
