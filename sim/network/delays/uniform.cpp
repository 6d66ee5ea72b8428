#include "core/input/units.h"
#include "sim/network/delays/delay.h"

namespace byzsim::delays_list {

DelayEntry uniform() {
  return {{"uniform",
           "every span between two bounds equally likely",
           "",
           {duration("low", kMillisecond / 2, 0, kLongestDuration, "the shortest delay"),
            duration("high", 3 * kMillisecond / 2, 0, kLongestDuration, "the longest delay")}},
          [](const Parameters& parameters, const std::string&) {
            const auto low = static_cast<double>(parameters.duration_ns("low"));
            const auto high = static_cast<double>(parameters.duration_ns("high"));
            return Delay([=](DelayDraw& draw) { return draw.stream.uniform(low, high); });
          },
          [](const Parameters& parameters) -> std::optional<std::string> {
            if (parameters.duration_ns("low") <= parameters.duration_ns("high"))
              return std::nullopt;
            return "low must not exceed high";
          },
          nullptr,
          [](const Parameters& parameters) { return parameters.duration_ns("low"); }};
}

}  // namespace byzsim::delays_list
