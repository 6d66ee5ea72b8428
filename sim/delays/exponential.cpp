#include "core/units.h"
#include "sim/delay.h"

namespace byzsim::delays_list {

DelayEntry exponential() {
  return {{"exponential",
           "a floor plus a memoryless wait",
           "",
           {duration("mean", kMillisecond, 0, kLongestDuration, "mean of the wait above the floor"),
            duration("minimum", 0, 0, kLongestDuration, "the floor: the shortest delay")}},
          [](const Parameters& parameters, Stream& stream) {
            return static_cast<double>(parameters.duration_ns("minimum")) +
                   static_cast<double>(parameters.duration_ns("mean")) * stream.exponential();
          },
          nullptr};
}

}  // namespace byzsim::delays_list
