#include <algorithm>
#include <cmath>

#include "core/input/units.h"
#include "sim/network/delays/delay.h"

namespace byzsim::delays_list {
namespace {

// The good and bad periods of a link: a chain of two states in slots of time. A slot is either a
// refresh, whose state is drawn from the shares of time, or keeps the state of the slot before.
// With refreshes of probability slot / good + slot / bad, a good period ends after a slot with
// probability slot / good: its mean length is exactly `good`, and likewise for `bad`. The state at
// an instant is found by looking back for the last refresh, so nothing has to be remembered.
struct Periods {
  std::int64_t slot;  // nanoseconds
  double refresh;     // probability of a slot
  double bad_share;   // of time
};

// Eight slots look back far enough on average and leave a period an almost arbitrary length.
constexpr double kSlotsToRefresh = 8;

Periods periods_of(double good, double bad) {
  const double rate = 1 / good + 1 / bad;
  // Whole nanoseconds, at least one: periods are no shorter than a microsecond.
  const double slot = std::floor(1 / (rate * kSlotsToRefresh));
  return {static_cast<std::int64_t>(slot), slot * rate, bad / (good + bad)};
}

bool in_bad_period(const Periods& periods, const DelayDraw& draw) {
  // A stream's counter has 40 bits: after 2^40 slots, at least half a day, the periods repeat.
  constexpr std::int64_t counters = std::int64_t{1} << 40;
  for (std::int64_t slot = draw.now / periods.slot;; --slot) {
    Stream stream(draw.seed, Purpose::link_period, draw.link,
                  static_cast<std::uint64_t>(slot % counters));
    if (stream.uniform() < periods.refresh || slot == 0)
      return stream.uniform() < periods.bad_share;
  }
}

}  // namespace

DelayEntry markov() {
  constexpr double shortest = kMicrosecond;
  return {{"markov",
           "a floor plus a memoryless wait, both slowed down while the link has a bad period",
           "Gilbert (1960), with delays in place of losses",
           {duration("mean", kMillisecond, 0, kLongestDuration,
                     "mean of the wait above the floor in a good period"),
            duration("minimum", 0, 0, kLongestDuration, "the floor in a good period"),
            real("slowdown", 10, 1, 1e6, "what a bad period multiplies delays by"),
            duration("good_period", 100 * kMillisecond, shortest, kLongestDuration,
                     "mean length of a link's good periods"),
            duration("bad_period", 10 * kMillisecond, shortest, kLongestDuration,
                     "mean length of its bad periods")}},
          [](const Parameters& parameters, const std::string&) {
            const auto mean = static_cast<double>(parameters.duration_ns("mean"));
            const auto minimum = static_cast<double>(parameters.duration_ns("minimum"));
            const double slowdown = parameters.real("slowdown");
            const Periods periods =
                periods_of(static_cast<double>(parameters.duration_ns("good_period")),
                           static_cast<double>(parameters.duration_ns("bad_period")));
            return Delay([=](DelayDraw& draw) {
              const double span = minimum + mean * draw.stream.exponential();
              return in_bad_period(periods, draw) ? slowdown * span : span;
            });
          },
          nullptr,
          nullptr,
          [](const Parameters& parameters) { return parameters.duration_ns("minimum"); }};
}

}  // namespace byzsim::delays_list
