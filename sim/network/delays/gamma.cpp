#include "core/exact/gamma_draw.h"
#include "core/exact/portable_math.h"
#include "core/input/units.h"
#include "sim/network/delays/delay.h"

namespace byzsim::delays_list {

DelayEntry gamma() {
  return {{"gamma",
           "a sum of waits: shape 1 is exponential, larger ones concentrate around the mean",
           "",
           {duration("mean", kMillisecond, 0, kLongestDuration, "mean of the delay"),
            real("shape", 2, 0.01, 10'000, "mean squared over variance")}},
          [](const Parameters& parameters, const std::string&) {
            const double shape = parameters.real("shape");
            const double scale = static_cast<double>(parameters.duration_ns("mean")) / shape;
            return Delay([=](DelayDraw& draw) {
              // The draw is a logarithm, as small shapes give values that no double holds.
              return scale * portable::exp(draw_log_gamma(shape, draw.stream));
            });
          },
          nullptr};
}

}  // namespace byzsim::delays_list
