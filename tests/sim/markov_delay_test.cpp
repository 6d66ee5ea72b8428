// Periods of a link: good for 80 ms and bad for 20 ms on average, in slots of
// 1 / (8 (1/80 + 1/20)) = 2 ms. Without a random wait a delay tells which period it fell into.
#include <cmath>

#include "tests/catch.h"
#include "tests/sim/delay_draws.h"

namespace byzsim::markov_delay_test {
namespace {

constexpr SimTime kSlot = 2 * kMillisecond;
constexpr std::uint64_t kSlots = 200'000;  // 400 s: about 4000 bad periods

Delay periods(double slowdown = 5) {
  return make("markov", {{"mean", 0l},
                         {"minimum", 1000l},
                         {"slowdown", slowdown},
                         {"good_period", 80 * kMillisecond},
                         {"bad_period", 20 * kMillisecond}});
}

bool is_bad(const Delay& delay, std::uint64_t link, SimTime now, std::uint64_t seed = 3) {
  return draw_delay(delay, {Stream(seed, Purpose::delay, link, 0), seed, link, now}) == 5000;
}

std::vector<bool> bad_slots(std::uint64_t link, std::uint64_t seed = 3) {
  const Delay delay = periods();
  std::vector<bool> bad;
  for (std::uint64_t slot = 0; slot < kSlots; ++slot)
    bad.push_back(is_bad(delay, link, static_cast<SimTime>(slot) * kSlot, seed));
  return bad;
}

double share_of(const std::vector<bool>& slots) {
  return double(std::count(slots.begin(), slots.end(), true)) / double(slots.size());
}

// Periods of 20 and 80 ms forget their state in 1 / (1/20 + 1/80) = 16 ms, so that the share of
// time T spent in a state of probability p has the variance 2 * 16 ms / T * p (1 - p).
double share_of_time_margin(double p) {
  return 5 * std::sqrt(2 * 0.016 / (double(kSlots) * 0.002) * p * (1 - p));
}

}  // namespace

TEST_CASE("a markov link is bad for its share of the time") {
  CHECK(std::fabs(share_of(bad_slots(7)) - 0.2) < share_of_time_margin(0.2));
}

TEST_CASE("a markov link's bad and good periods have their mean lengths") {
  const std::vector<bool> bad = bad_slots(7);
  double periods_begun = 0;
  for (std::size_t slot = 1; slot < bad.size(); ++slot)
    periods_begun += bad[slot] && !bad[slot - 1];
  const double bad_time = share_of(bad) * double(kSlots) * 2,
               good_time = double(kSlots) * 2 - bad_time;
  // A geometric length deviates by nearly its mean.
  CHECK(std::fabs(bad_time / periods_begun - 20) < 5 * 20 / std::sqrt(periods_begun));
  CHECK(std::fabs(good_time / periods_begun - 80) < 5 * 80 / std::sqrt(periods_begun));
}

TEST_CASE("a markov link is in one state throughout a slot") {
  const Delay delay = periods();
  for (SimTime slot = 0; slot < 200; ++slot)
    CHECK(is_bad(delay, 7, slot * kSlot) == is_bad(delay, 7, (slot + 1) * kSlot - 1));
}

TEST_CASE("a markov link's periods are those of no other link or seed") {
  const std::vector<bool> one = bad_slots(7), other = bad_slots(8), reseeded = bad_slots(7, 4);
  std::vector<bool> both, twice;
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    both.push_back(one[slot] && other[slot]);
    twice.push_back(one[slot] && reseeded[slot]);
  }
  CHECK(std::fabs(share_of(both) - 0.04) < share_of_time_margin(0.04));
  CHECK(std::fabs(share_of(twice) - 0.04) < share_of_time_margin(0.04));
}

TEST_CASE("a markov link's state does not depend on what was asked before") {
  const Delay delay = periods();
  const bool later_first = is_bad(delay, 7, 900 * kSlot);
  for (SimTime slot = 0; slot < 900; ++slot) is_bad(delay, 7, slot * kSlot);
  CHECK(is_bad(delay, 7, 900 * kSlot) == later_first);
}

TEST_CASE("a bad period multiplies the very delay that a good one would give") {
  const auto spans = [](double slowdown) {
    const Delay delay = make("markov", {{"minimum", 1000l}, {"slowdown", slowdown}});
    std::vector<std::int64_t> drawn;
    for (std::uint64_t i = 0; i < 1000; ++i) drawn.push_back(draw(delay, i));
    return drawn;
  };
  const std::vector<std::int64_t> plain = spans(1), slowed = spans(1000);
  int slow = 0;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (slowed[i] == plain[i]) continue;
    ++slow;
    // Rounding to a nanosecond moves the plain one by at most a half.
    CHECK(std::fabs(double(slowed[i]) - 1000.0 * double(plain[i])) <= 501);
  }
  CHECK(slow > 0);
  CHECK(slow < 1000);
}

TEST_CASE("a markov link goes on to the end of simulated time, with the shortest periods") {
  // Periods of 1 us, slots of 1 / (8 (1 + 1)) us, rounded down to 62 ns: each state holds half of
  // the time. Slots keep their state with probability 1 - 62 (1/1000 + 1/1000) = 0.876, so that
  // n of them deviate as n (1 - 0.876) / (1 + 0.876) independent ones.
  const Delay delay = make("markov", {{"mean", 0l},
                                      {"minimum", 1000l},
                                      {"slowdown", 5.0},
                                      {"good_period", kMicrosecond},
                                      {"bad_period", kMicrosecond}});
  constexpr SimTime kShortSlot = 62, kLastSlots = 20'000;
  std::vector<bool> bad;
  for (SimTime slot = 0; slot < kLastSlots; ++slot) {
    const SimTime now = std::numeric_limits<SimTime>::max() - slot * kShortSlot;
    const std::int64_t drawn = draw_delay(delay, {Stream(3, Purpose::delay, 7, 0), 3, 7, now});
    if (drawn != 1000 && drawn != 5000) FAIL("neither a good nor a bad period: " << drawn);
    bad.push_back(drawn == 5000);
  }
  const double independent = double(kLastSlots) * 0.124 / 1.876;
  CHECK(std::fabs(share_of(bad) - 0.5) < 5 * std::sqrt(0.25 / independent));
}

}  // namespace byzsim::markov_delay_test
