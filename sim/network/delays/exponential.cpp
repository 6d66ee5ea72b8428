#include "core/exact/first_draws.h"
#include "core/input/units.h"
#include "sim/network/delays/delay.h"

namespace byzsim::delays_list {

DelayEntry exponential() {
  return {{"exponential",
           "a floor plus a memoryless wait",
           "",
           {duration("mean", kMillisecond, 0, kLongestDuration, "mean of the wait above the floor"),
            duration("minimum", 0, 0, kLongestDuration, "the floor: the shortest delay")}},
          [](const Parameters& parameters, const std::string&) {
            const auto minimum = static_cast<double>(parameters.duration_ns("minimum"));
            const auto mean = static_cast<double>(parameters.duration_ns("mean"));
            return Delay(
                [=](DelayDraw& draw) { return minimum + mean * draw.stream.exponential(); }, 0,
                [=](std::span<const std::uint64_t> bits, std::span<double> spans) {
                  exponentials_of(bits, spans);
                  for (double& span : spans) span = minimum + mean * span;
                });
          },
          nullptr,
          nullptr,
          [](const Parameters& parameters) { return parameters.duration_ns("minimum"); }};
}

}  // namespace byzsim::delays_list
