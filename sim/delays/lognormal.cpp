#include "core/portable_math.h"
#include "core/units.h"
#include "sim/delay.h"

namespace byzsim::delays_list {

DelayEntry lognormal() {
  return {{"lognormal",
           "heavy on the right: median * exp(sigma * normal)",
           "",
           {duration("median", kMillisecond, 0, kLongestDuration, "half of the delays are shorter"),
            real("sigma", 0.5, 0, 10, "deviation of the delay's natural logarithm")}},
          [](const Parameters& parameters, Stream& stream) {
            return static_cast<double>(parameters.duration_ns("median")) *
                   portable::exp(parameters.real("sigma") * stream.normal());
          },
          nullptr};
}

}  // namespace byzsim::delays_list
