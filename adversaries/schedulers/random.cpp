#include "adversaries/scheduler.h"

namespace byzsim::schedulers_list {

Scheduler random() {
  return {{"random", "no enemy: every message takes the delay that its link draws", "", {}},
          [](const Parameters&, const Dispatch& dispatch) { return dispatch.drawn; }};
}

}  // namespace byzsim::schedulers_list
