// Finds the first event in which two runs differ.
//
// What is stored of both names an interval: the last row of digests.csv in which they agree, and
// the first in which they do not. Replays of both, compared event by event, name the event, as far
// as the replays are the stored runs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/bisect/run_side.h"
#include "tools/line/progress.h"

namespace byzsim {

/// What stored digests alone say of two runs.
struct StoredDifference {
  std::uint64_t equal = 0;                 ///< they agree up to this event
  std::optional<std::uint64_t> different;  ///< and differ at the latest in this one, if anywhere
};
StoredDifference stored_difference(const std::vector<DigestRow>& a,
                                   const std::vector<DigestRow>& b);

/// Events are counted from 1.
struct Bisection {
  std::uint64_t equal = 0;  ///< the runs are the same up to this event
  /// The first difference lies in an event after `equal` and up to this one; 0 where there is none.
  std::uint64_t different = 0;
  /// The event in which it shows, where a message said in `different` is only known by its
  /// delivery.
  std::uint64_t seen_in = 0;
  /// Where an interval is all that is known: from which event on the run's own program should write
  /// its events down. Earlier than the interval where vectors moved that may have been said before.
  std::uint64_t write_from = 0;
  std::vector<std::string> moved;   ///< layers that are others after that event
  std::optional<EventRecord> a, b;  ///< that event in either run, where it is known and not over
  std::vector<EventRecord> causes_a, causes_b;          ///< of it, the latest first
  std::optional<std::uint64_t> departed_a, departed_b;  ///< see RunSide

  bool exact() const { return different == equal + 1; }
};

/// Nothing if the user has interrupted it. Both sides begin at their first event, that of a branch
/// after those of its trunk. Prints nothing but progress.
std::optional<Bisection> bisect_runs(RunSide& a, RunSide& b, Progress& progress);

}  // namespace byzsim
