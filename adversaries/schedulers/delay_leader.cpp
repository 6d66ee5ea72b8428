#include <algorithm>

#include "adversaries/schedulers/scheduler.h"
#include "core/check.h"
#include "core/input/units.h"

namespace byzsim::schedulers_list {
namespace {

constexpr std::int64_t kMostDoublings = 63;  // no more fit into simulated time

bool is_vote(Phase phase) { return phase >= Phase::proposal; }

// Messages of a consensus carry their view as the round, and view v is led by server v mod n. Where
// nobody leads, the servers take turns by step.
std::int64_t hold_up_leader(const Parameters& parameters, const Dispatch& dispatch) {
  const Message& message = dispatch.message;
  // A consensus may take several views in one step, each with a leader of its own.
  const std::int64_t turn = is_vote(message.phase) ? message.round : message.step;
  BYZ_CHECK(turn >= 0, "views and steps are counted from 0");
  const NodeId leader{Role::server,
                      static_cast<std::uint32_t>(turn % dispatch.scenario.servers.count)};
  if (message.sender != leader) return dispatch.drawn;
  std::int64_t late = parameters.duration_ns("delay");
  if (is_vote(message.phase))
    // Leaders' timeouts double with every view: a fixed delay would lose against the first long
    // one.
    for (std::int64_t view = 0; view < std::min(message.round, kMostDoublings); ++view)
      late = times(late, 2);
  return after(dispatch.drawn, late);
}

}  // namespace

Scheduler delay_leader() {
  return {{"delay_leader",
           "the leader is slow, for a finite time that doubles with every view as timeouts do; "
           "without a leader, the servers are slow in turn",
           "the argument of Fischer, Lynch and Paterson (1985) as leader-based protocols meet it",
           {duration("delay", 100 * kMillisecond, 0, kLongestDuration, "in the first view")}},
          hold_up_leader};
}

}  // namespace byzsim::schedulers_list
