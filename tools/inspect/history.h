// A run in which one can go forward and back. Going back takes the nearest copy of the simulation
// that was kept on the way, and runs on from there: the same events, to the same bits.
//
// Copies are kept every 1,024 events, or 64 computations where these come first. Beyond 256 of
// them, or beyond a quarter of the memory (at most 1 GiB of vectors), those go first whose absence
// costs least: copy i of events e costs (e[i+1] - e[i-1]) / |e[i] - now|. They stay dense around
// the present and grow sparse with the distance, so that going back by n events runs again no more
// than a fraction of n. The copy before the first event always stays.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "tools/bisect/event_record.h"
#include "tools/inspect/node_notes.h"
#include "tools/run/moment_name.h"
#include "tools/run/replay.h"

namespace byzsim {

/// A simulation between two events, with what was noted of its nodes.
struct Moment {
  Simulation simulation;
  AllNotes notes = {};
  std::uint64_t events_since = 0;        ///< a copy was kept
  std::uint64_t computations_since = 0;  ///< the same

  std::uint64_t event() const { return simulation.latest().number; }
  bool ended() const { return simulation.future().empty() || simulation.timed_out(); }
};

/// How a way to another moment ended.
enum class Reached { there, run_ended, interrupted };

/// What copies may take.
struct CopyLimits {
  std::uint64_t events = 1024;      ///< between two copies
  std::uint64_t computations = 64;  ///< the same
  std::size_t copies = 256;
  std::uint64_t bytes = 0;  ///< 0: a quarter of the memory, at most 1 GiB
};

/// A run from its first event to wherever somebody has been.
class History {
 public:
  /// `stored`: digests that the run should have, by event. Throws InputError for what cannot run.
  History(const Scenario& scenario, int threads, std::vector<DigestRow> stored = {},
          CopyLimits limits = {});

  const Moment& now() const { return *now_; }
  const Workload& workload() const { return *replay_.workload; }
  const Scenario& scenario() const { return workload().scenario(); }
  const Notes& notes() const { return replay_.notes; }

  /// One event forward; null once the run has ended. Throws what a run throws, and stays then.
  const Occurrence* advance();
  /// Goes to a moment, forward or back. `stop` is asked after every event; a way back that it
  /// ends leads nowhere. Throws InputError for a moment that the run cannot have.
  Reached go(const MomentName& place, const std::function<bool()>& stop);

  /// The moment after an event that has happened, apart from the present one; nothing where `stop`
  /// says so.
  std::optional<Moment> moment_after(std::uint64_t event, const std::function<bool()>& stop);
  /// An event that has happened, without what it led to: its vectors and digests are left out.
  std::optional<EventRecord> record(std::uint64_t event, const std::function<bool()>& stop);
  /// The event that scheduled it; 0: the run's start.
  std::uint64_t cause_of(std::uint64_t event) const;

  /// The first event after which the digests were others than the stored ones, if any.
  std::optional<std::uint64_t> departed() const { return departed_; }
  std::size_t copies() const { return copies_.size(); }
  std::uint64_t bytes_of_copies() const;

 private:
  struct Copy {
    Moment moment;
    std::uint64_t bytes;
  };
  const Occurrence* step_on(Moment& moment);
  void note(const Moment& moment);
  void keep(Moment& moment);
  void thin(std::uint64_t around);
  std::optional<Moment> replayed(std::uint64_t event, std::uint64_t from_before,
                                 const std::function<bool()>& stop);
  Reached forward_to(std::uint64_t event, const std::function<bool()>& stop);
  Reached go_to_event(std::uint64_t event, const std::function<bool()>& stop);
  Reached go_to_step(std::int64_t step, const std::function<bool()>& stop);
  Reached go_to_time(SimTime time, const std::function<bool()>& stop);
  bool can_go_back() const;  // what a plugin keeps cannot be brought back
  void refuse_to_go_back() const;

  Replay replay_;
  CopyLimits limits_;
  std::map<std::uint64_t, DigestRow> stored_;
  std::unique_ptr<Moment> now_;
  std::map<std::uint64_t, Copy> copies_;    // by event; the first is 0
  std::uint64_t measured_ = 0;              // bytes of the copy that was measured last
  std::uint64_t kept_ = 0;                  // copies so far
  std::vector<std::uint32_t> to_cause_;     // events back to the cause, by event - 1
  std::vector<std::uint64_t> step_events_;  // in which the last honest server reached a step
  std::deque<EventRecord> window_;          // events in a row
  std::optional<std::uint64_t> departed_;
};

}  // namespace byzsim
