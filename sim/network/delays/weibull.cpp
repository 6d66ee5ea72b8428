#include "core/exact/portable_math.h"
#include "core/input/units.h"
#include "sim/network/delays/delay.h"

namespace byzsim::delays_list {

DelayEntry weibull() {
  return {
      {"weibull",
       "P(delay > t) = exp(-(t / scale)^shape): a stretched exponential below shape 1",
       "",
       {duration("scale", kMillisecond, 0, kLongestDuration, "63.2 % of the delays are shorter"),
        real("shape", 1.5, 0.1, 100, "1: exponential; smaller: longer tail")}},
      [](const Parameters& parameters, const std::string&) {
        const auto scale = static_cast<double>(parameters.duration_ns("scale"));
        const double shape = parameters.real("shape");
        return Delay([=](DelayDraw& draw) {
          // By inversion: an exponential draw to the power 1 / shape.
          return scale * portable::exp(portable::log(draw.stream.exponential()) / shape);
        });
      },
      nullptr};
}

}  // namespace byzsim::delays_list
