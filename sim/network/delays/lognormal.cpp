#include "core/exact/portable_math.h"
#include "core/input/units.h"
#include "sim/network/delays/delay.h"

namespace byzsim::delays_list {

DelayEntry lognormal() {
  return {{"lognormal",
           "heavy on the right: median * exp(sigma * normal)",
           "",
           {duration("median", kMillisecond, 0, kLongestDuration, "half of the delays are shorter"),
            real("sigma", 0.5, 0, 10, "standard deviation of the delay's natural logarithm")}},
          [](const Parameters& parameters, const std::string&) {
            const auto median = static_cast<double>(parameters.duration_ns("median"));
            const double sigma = parameters.real("sigma");
            return Delay([=](DelayDraw& draw) {
              return median * portable::exp(sigma * draw.stream.normal());
            });
          },
          nullptr};
}

}  // namespace byzsim::delays_list
