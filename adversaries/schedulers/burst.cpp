#include "adversaries/schedulers/scheduler.h"
#include "core/check.h"
#include "core/input/units.h"

namespace byzsim::schedulers_list {
namespace {

std::int64_t delay_burst(const Parameters& parameters, const Dispatch& dispatch) {
  const std::int64_t period = parameters.duration_ns("period");
  BYZ_CHECK(period > 0, "bursts are a positive time apart");
  const SimTime arrival = after(dispatch.now, dispatch.drawn);
  // The outer remainder is for a message that arrives exactly at a burst: it waits for none.
  return after(dispatch.drawn, (period - arrival % period) % period);
}

}  // namespace

Scheduler burst() {
  return {{"burst",
           "the network holds everything back and delivers it in bursts",
           "byzsim's own",
           {duration("period", 10 * kMillisecond, 1, kLongestDuration, "between two bursts")}},
          delay_burst};
}

}  // namespace byzsim::schedulers_list
