#include "core/exact/portable_math.h"
#include "core/input/units.h"
#include "sim/network/delays/delay.h"

namespace byzsim::delays_list {

DelayEntry pareto() {
  return {{"pareto",
           "P(delay > t) = (minimum / t)^alpha: a tail so heavy that alpha <= 1 has no mean",
           "",
           {duration("minimum", kMillisecond / 2, 0, kLongestDuration, "the shortest delay"),
            real("alpha", 2.5, 0.1, 100, "the tail's exponent; smaller: heavier")}},
          [](const Parameters& parameters, const std::string&) {
            const auto minimum = static_cast<double>(parameters.duration_ns("minimum"));
            const double alpha = parameters.real("alpha");
            return Delay([=](DelayDraw& draw) {
              // By inversion: U^(-1 / alpha), and -log U is an exponential draw.
              return minimum * portable::exp(draw.stream.exponential() / alpha);
            });
          },
          nullptr,
          nullptr,
          [](const Parameters& parameters) { return parameters.duration_ns("minimum"); }};
}

}  // namespace byzsim::delays_list
