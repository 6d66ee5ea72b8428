#include "adversaries/schedulers/scheduler.h"

namespace byzsim::schedulers_list {

Scheduler random() {
  return {{"random", "no adversary: every message takes the delay drawn for its link", "", {}},
          [](const Parameters&, const Dispatch& dispatch) { return dispatch.drawn; }};
}

}  // namespace byzsim::schedulers_list
