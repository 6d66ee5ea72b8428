#include "adversaries/schedulers/scheduler.h"
#include "core/input/units.h"

namespace byzsim::schedulers_list {

Scheduler byzantine_first() {
  return {{"byzantine_first",
           "messages of Byzantine nodes overtake all others, so that they are in every quorum",
           "byzsim's own",
           {duration("delay", 0, 0, kLongestDuration, "of a Byzantine node's messages")}},
          [](const Parameters& parameters, const Dispatch& dispatch) {
            // Honest delays stay as drawn, so that a comparison with `random` changes one thing.
            return dispatch.byzantine_sender ? parameters.duration_ns("delay") : dispatch.drawn;
          }};
}

}  // namespace byzsim::schedulers_list
