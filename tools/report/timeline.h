// A run as a report draws it: which message arrived where and when and what became of it, and when
// each node computed. A browser cannot hold a long run at once, so it is cut into pieces, few of
// which are needed for any window of simulated time; an overview of all is beside them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/input/json.h"
#include "core/input/words.h"
#include "sim/run/simulation.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// What became of a message, as a reader asks first.
enum class Use : std::uint8_t {
  used,    ///< at once, in a quorum
  kept,    ///< for a later step
  unused,  ///< late, stale, twice or malformed
};
template <>
struct Words<Use> {
  static constexpr std::array<const char*, 3> all = {"used", "kept", "unused"};
};

/// Bars of the overview.
constexpr std::size_t kOverviewBars = 600;

/// The piece that holds what begins and ends at these times, by level and place, where `cuts` are
/// ascending times. Between two cuts is a piece of level 0; a piece of the next level joins two and
/// holds what is whole in neither. So every event is in one piece, and a window that no cut divides
/// needs one piece a level, however long some messages take.
std::pair<int, std::size_t> piece_of(SimTime begun, SimTime ended,
                                     const std::vector<SimTime>& cuts);

class Timeline {
 public:
  /// Of a simulation that is at `start`. Begins with the first message or computation of a step
  /// from `from` on. Keeps `capacity` arrivals of messages and the computations that end before the
  /// next one.
  Timeline(const Scenario& scenario, SimTime start, std::int64_t from, std::size_t capacity);

  /// Every event, in its order.
  void see(const Occurrence& occurrence);

  /// Whether an arrival was one too many.
  bool is_full() const { return full_; }

  /// {"nodes": [{"name", "byzantine", "twin", "shown"}], "phases": [...], "verdicts": [...],
  ///  "uses": [of each verdict], "messages": N,
  ///  "overview": {"used", "kept", "unused", "byzantine": [arrivals a bar]},
  ///  "pieces": [[begun, ended, messages]], "from", "begin", "until", "whole"}.
  /// Times are nanoseconds; nodes are the servers, then the workers (on a graph, the nodes), the
  /// second of twins after the first; "shown" is whether anything happened to nodes of this role.
  /// `from` is a step. What arrived or ended between `begin` and `until` is there; `whole` is
  /// whether nothing is left out.
  /// In the overview, messages of Byzantine senders are "byzantine" whatever their use.
  Json to_json() const;

  /// JSON texts: one about the whole timeline, and one for each of "pieces", in their order.
  /// {"first": step, "steps": [when its first event happened, and that of each step after it],
  ///  "pairs": [phases, senders, receivers, messages that were used, all]};
  /// {"messages": [senders, receivers, phases, steps, durations, arrivals, verdicts, bytes],
  ///  "computations": [nodes, phases, steps, durations, ends]}.
  /// Lists of the same length, in the order of events; nodes, phases and verdicts are indices, and
  /// "steps", arrivals and ends are differences to the one before.
  std::vector<std::string> blocks() const;

 private:
  using Machine = std::pair<NodeId, int>;  // and which of two, where a node is twins
  struct Arrival {
    std::size_t sender, receiver;  // places in nodes_
    Phase phase;
    Verdict verdict;
    std::int64_t step;
    SimTime sent, received;
    std::uint64_t bytes;
  };
  struct Computation {
    std::size_t node;
    Phase phase;
    std::int64_t step;
    SimTime begun, ended;
  };
  struct Piece {
    SimTime begun = 0, ended = 0;
    std::vector<const Arrival*> arrivals;
    std::vector<const Computation*> computations;

    void widen(SimTime from, SimTime to);
    std::string text() const;
  };

  void add_line(NodeId node, int twin, const std::string& name, bool byzantine);
  void begin_with(const Occurrence& occurrence, std::int64_t step);
  void note_step(std::int64_t step, SimTime now);
  std::vector<Piece> pieces() const;
  Json overview() const;
  Json pairs() const;

  std::int64_t from_, last_step_;
  std::size_t capacity_;
  Json nodes_ = Json::array();
  std::map<Machine, std::size_t> places_;
  std::set<Role> shown_;
  std::vector<Arrival> arrivals_;
  std::vector<Computation> computations_;
  std::vector<SimTime> cuts_;   // one after an equal number of events each
  std::vector<SimTime> steps_;  // of the first event of first_step_ and of each step after it
  std::int64_t first_step_ = 0;
  SimTime begin_, until_;
  bool begun_ = false, full_ = false;
};

}  // namespace byzsim
