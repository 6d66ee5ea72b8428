// The best hyper-parameters of a finished sweep, as ByzFL chooses them: against an adversary that
// knows them, and by examples that no worker trains on.
//
// The axes of a sweep have roles: those that change /optimizer are hyper-parameters, those that
// change /adversary are attacks, and a cell is a point of all others. For each cell, each choice of
// hyper-parameters and each attack the metric is averaged over the seeds, step by step, and its
// largest mean over the steps counts; the least of these over the attacks is the choice's value;
// the first choice of the greatest value is best (axes in the order of the sweep, the last
// fastest). What is undefined, such as the accuracy of a run that diverged, counts as 0, and so
// does a step that a run did not reach.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/input/csv_table.h"
#include "tools/sweep/sweep.h"

namespace byzsim {

/// Names of columns by what their axes change.
struct AxisRoles {
  std::vector<std::string> cell, choice, attack;
};
AxisRoles roles_of(const std::vector<Axis>& axes);

/// The largest mean over seeds of one attack.
struct AttackPeak {
  std::vector<std::string> attack;  ///< a value for each axis of attacks
  std::int64_t step = 0;            ///< the first at which it is largest
  double value = 0;                 ///< of the metric
  double accuracy = 0;              ///< on the test set, at that step
};

/// The best choice of one cell.
struct BestChoice {
  std::vector<std::string> cell, choice;  ///< a value for each axis
  std::vector<AttackPeak> peaks;          ///< by attack, in the order of the sweep
  std::size_t worst = 0;                  ///< the peak of the least value, the first of them
  double value() const { return peaks[worst].value; }
  /// Whether several attacks are equally bad, as they are where no node is Byzantine: none of them
  /// is the worst.
  bool any_is_worst() const;
};

/// One for each cell, in the order of the sweep. `curves` has a row for each recorded step of each
/// run, with the columns of the axes, `seed`, `step`, `accuracy` and `metric` (curves.csv). Throws
/// InputError where `metric` is nowhere defined.
std::vector<BestChoice> best_choices(const CsvTable& curves, const AxisRoles& roles,
                                     const std::string& metric);

/// A row for each cell and attack: the cell, the choice, the attack, `step`, the metric as `value`,
/// `accuracy`, and whether it is the worst attack (1 or 0; of equals the first stands for all).
CsvTable table_of_best(const std::vector<BestChoice>& best, const AxisRoles& roles);

/// How many runs of a sweep's summary (summary.csv) diverged, stalled or ran out of time, and how
/// they count, as a sentence; empty where all reached their last step.
std::string early_ends_text(const CsvTable& summary);

}  // namespace byzsim
