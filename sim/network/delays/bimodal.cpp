#include "core/exact/portable_math.h"
#include "core/input/units.h"
#include "sim/network/delays/delay.h"

namespace byzsim::delays_list {

DelayEntry bimodal() {
  return {
      {"bimodal",
       "fast, or slow with some probability: two lognormals",
       "",
       {duration("fast", kMillisecond, 0, kLongestDuration, "median of the fast delays"),
        duration("slow", 10 * kMillisecond, 0, kLongestDuration, "median of the slow delays"),
        real("slow_probability", 0.1, 0, 1, "probability of a slow delay"),
        real("sigma", 0.2, 0, 10, "standard deviation of the natural logarithm within each kind")}},
      [](const Parameters& parameters, const std::string&) {
        const auto fast = static_cast<double>(parameters.duration_ns("fast"));
        const auto slow = static_cast<double>(parameters.duration_ns("slow"));
        const double probability = parameters.real("slow_probability");
        const double sigma = parameters.real("sigma");
        return Delay([=](DelayDraw& draw) {
          // Two draws in a fixed order, whichever kind it is.
          const double median = draw.stream.uniform() < probability ? slow : fast;
          return median * portable::exp(sigma * draw.stream.normal());
        });
      },
      nullptr};
}

}  // namespace byzsim::delays_list
