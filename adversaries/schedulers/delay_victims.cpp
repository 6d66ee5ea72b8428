#include "adversaries/schedulers/scheduler.h"
#include "core/input/units.h"
#include "sim/world/node_set.h"

namespace byzsim::schedulers_list {
namespace {

std::int64_t hold_up_victims(const Parameters& parameters, const Dispatch& dispatch) {
  const auto victims = parse_node_set(parameters.text("victims"));
  const bool hit = victims && (victims->contains(dispatch.message.sender) ||
                               victims->contains(dispatch.receiver));
  return hit ? after(dispatch.drawn, parameters.duration_ns("delay")) : dispatch.drawn;
}

}  // namespace

Scheduler delay_victims() {
  return {{"delay_victims",
           "messages to and from some nodes arrive late",
           "byzsim's own",
           {text("victims", "server 0",
                 "the nodes; a set such as \"workers 0-4\", or on a graph \"nodes 0-4\""),
            duration("delay", 50 * kMillisecond, 0, kLongestDuration, "added to each of them")}},
          hold_up_victims,
          0,
          "victims"};
}

}  // namespace byzsim::schedulers_list
