#include "core/input/units.h"
#include "sim/network/delays/delay.h"

namespace byzsim::delays_list {

DelayEntry constant() {
  return {{"constant",
           "constant; nodes of low index win ties",
           "",
           {duration("value", kMillisecond, 0, kLongestDuration, "the delay")}},
          [](const Parameters& parameters, const std::string&) {
            const auto value = static_cast<double>(parameters.duration_ns("value"));
            return Delay([=](DelayDraw&) { return value; });
          },
          nullptr,
          nullptr,
          [](const Parameters& parameters) { return parameters.duration_ns("value"); }};
}

}  // namespace byzsim::delays_list
