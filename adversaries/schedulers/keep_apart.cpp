#include "adversaries/schedulers/scheduler.h"
#include "core/input/units.h"

namespace byzsim::schedulers_list {
namespace {

std::int64_t delay_keep_apart(const Parameters& parameters, const Dispatch& dispatch) {
  // Byzantine nodes belong to no half: both must have them in their quorums.
  if (dispatch.byzantine_sender) return parameters.duration_ns("near");
  const bool together =
      half_of(dispatch, dispatch.message.sender) == half_of(dispatch, dispatch.receiver);
  return parameters.duration_ns(together ? "near" : "far");
}

}  // namespace

Scheduler keep_apart() {
  return {{"keep_apart",
           "separates two halves of the honest servers, each with half of the honest workers: "
           "messages within a half and from Byzantine nodes arrive first",
           "beyond the paper, whose proof assumes that every quorum has a positive probability",
           {duration("near", kMillisecond, 0, kLongestDuration,
                     "within a half and from Byzantine nodes"),
            duration("far", 20 * kMillisecond, 0, kLongestDuration, "between the halves")}},
          delay_keep_apart};
}

}  // namespace byzsim::schedulers_list
