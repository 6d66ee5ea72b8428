// One of the two runs that are bisected, event by event: what is stored of it, and its replay here.
//
// The replay is the stored run only as far as the stored digests say so: each row of digests.csv
// that it meets confirms all events before, and one that it does not meet ends its word. Where the
// run's own program has written its events down (events.jsonl), those count instead of the
// replay's.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "tools/bisect/event_record.h"
#include "tools/run/replay.h"
#include "tools/run/stored_run.h"

namespace byzsim {

/// events.jsonl of a run's directory; nothing where it is absent. Throws InputError.
std::vector<EventRecord> events_written_down(const StoredRun& stored);

/// Goes forward only; what was passed is kept as far as causes need it.
class RunSide {
 public:
  /// A run as it is stored, with the events that its own program has written down, if any. Throws
  /// InputError when its digests cannot be read.
  RunSide(const StoredRun& stored, std::vector<EventRecord> written, int threads);
  /// The replay of a scenario, whatever may be stored of it.
  RunSide(const Scenario& scenario, int threads);

  /// The next event; nothing once the run has ended, or is no longer known.
  std::optional<EventRecord> next();
  /// Goes on until a stored digest stands behind the event or contradicts; whether one does stand
  /// behind it.
  bool confirm(std::uint64_t event);

  /// The event that it has come to: 0 at first, or of a branch the last of its trunk.
  std::uint64_t event() const { return event_; }
  /// The last event up to which this is the stored run for sure.
  std::uint64_t confirmed() const { return confirmed_; }
  /// The event after which the stored digests are others than the replay's, if there is one.
  std::optional<std::uint64_t> departed() const { return departed_; }
  /// Whether the run was stopped from outside where it ends.
  bool interrupted() const { return interrupted_; }
  const std::vector<DigestRow>& rows() const { return rows_; }
  const Simulation& simulation() const { return replay_.simulation; }

  /// The event's cause, the cause of that, ...: at most so many, and none that is long past.
  std::vector<EventRecord> causes_of(const EventRecord& record, std::size_t most) const;

 private:
  void compare_with_trunk();
  std::optional<EventRecord> event_of_replay();
  void compare_with_rows(std::uint64_t event, const LayerValues* layers);
  const EventRecord* written_down(std::uint64_t event) const;

  Replay replay_;
  std::vector<DigestRow> rows_;       // stored; empty of a mere replay
  std::vector<EventRecord> written_;  // by the run's own program
  bool interrupted_ = false;
  std::uint64_t event_ = 0;
  std::size_t row_ = 0;  // the next one to compare with
  std::uint64_t confirmed_ = 0;
  std::optional<std::uint64_t> departed_;
  std::deque<EventRecord> past_;  // without what they scheduled
};

}  // namespace byzsim
