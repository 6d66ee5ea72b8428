// Positions are whole numbers, so that orders, ties and sums are exact.

#include "sim/gather/contraction.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "core/check.h"
#include "core/exact/random.h"

namespace byzsim {
namespace {

using Positions = std::vector<std::int64_t>;
using Index = std::size_t;

struct Interval {
  std::int64_t low;
  std::int64_t high;
  friend auto operator<=>(const Interval&, const Interval&) = default;
};

std::int64_t middle_of(Middle middle, std::int64_t lower, std::int64_t upper) {
  if (middle == Middle::mean) return (lower + upper) / 2;
  return middle == Middle::lower ? lower : upper;
}

// What a receiver can be made to adopt that hears these correct positions (ascending) and fills its
// quorum with lies.
Interval interval_of(const Gather& gather, const Positions& heard) {
  const auto q = static_cast<Index>(gather.quorum);
  const Index lies = q - heard.size(), lower = (q - 1) / 2, upper = q / 2;
  // All Byzantine values below every honest one put the median lowest, all above put it highest.
  return {middle_of(gather.middle, heard[lower - lies], heard[upper - lies]),
          middle_of(gather.middle, heard[lower], heard[upper])};
}

// The spread once one more receiver has its interval. Of one receiver alone only one end counts.
Reach widened(const Reach& spread, const Interval& next) {
  return {std::max(spread.high, next.high), std::min(spread.low, next.low),
          std::max({spread.diameter, spread.high - next.low, next.high - spread.low})};
}

Reach reach_of(const std::vector<Interval>& intervals) {
  Reach spread{intervals[0].high, intervals[0].low, 0};
  for (Index i = 1; i < intervals.size(); ++i) spread = widened(spread, intervals[i]);
  return spread;
}

bool hears_itself(const Gather& gather) { return gather.law == QuorumLaw::byzantine_first_own; }

// What a receiver hears when its quorum holds all lies and else the least, or the greatest, values.
Positions heard_at_one_end(const Gather& gather, Index receiver, bool greatest) {
  Positions others = gather.positions, heard;
  if (hears_itself(gather)) {
    heard.push_back(others[receiver]);
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(receiver));
  }
  const auto drawn = gather.quorum - gather.byzantine - static_cast<std::int64_t>(heard.size());
  const auto first = greatest ? others.end() - drawn : others.begin();
  heard.insert(heard.end(), first, first + drawn);
  std::sort(heard.begin(), heard.end());
  return heard;
}

Interval widest_interval(const Gather& gather, Index receiver) {
  return {interval_of(gather, heard_at_one_end(gather, receiver, false)).low,
          interval_of(gather, heard_at_one_end(gather, receiver, true)).high};
}

double choose(std::int64_t n, std::int64_t k) {
  double ways = 1;
  for (std::int64_t i = 1; i <= k; ++i)
    ways = ways * static_cast<double>(n - k + i) / static_cast<double>(i);
  // The quotients are whole in exact arithmetic; rounding removes what the divisions left.
  return std::round(ways);
}

// A receiver draws `count` of `among` servers; the rest of its quorum is given.
struct QuorumDraw {
  std::int64_t among;
  std::int64_t count;
};

QuorumDraw quorum_draw(const Gather& gather) {
  if (gather.law == QuorumLaw::uniform) return {gather.servers(), gather.quorum};
  const std::int64_t own = hears_itself(gather) ? 1 : 0;
  return {gather.correct() - own, gather.quorum - gather.byzantine - own};
}

using Chances = std::map<Interval, Count>;  // how many quorums give each interval

// Every quorum of one receiver: walks the honest servers in order, taking or leaving each.
struct QuorumWalk {
  const Gather& gather;
  Index receiver;
  std::int64_t most_correct;  // in a quorum
  Positions heard = {};
  Chances chances = {};

  void visit(Index next) {
    const auto size = static_cast<std::int64_t>(heard.size());
    const auto left = gather.correct() - static_cast<std::int64_t>(next);
    // Cut where no quorum of the law can come of it any more.
    if (size > most_correct || size + left < gather.quorum - gather.byzantine) return;
    if (left == 0) {
      const double ways = choose(gather.byzantine, gather.quorum - size);
      // Byzantine servers are alike: which of them a quorum holds makes no difference.
      chances[interval_of(gather, heard)] += static_cast<Count>(ways);
      return;
    }
    if (!hears_itself(gather) || next != receiver) visit(next + 1);
    heard.push_back(gather.positions[next]);
    visit(next + 1);
    heard.pop_back();
  }
};

Chances chances_of(const Gather& gather, Index receiver) {
  const std::int64_t most_correct =
      gather.law == QuorumLaw::uniform ? gather.quorum : gather.quorum - gather.byzantine;
  QuorumWalk walk{gather, receiver, most_correct};
  walk.visit(0);
  return std::move(walk.chances);
}

// The same gather on the coarsest grid: the ratio knows neither unit nor origin.
Gather on_coarsest_grid(Gather gather) {
  const std::int64_t origin = gather.positions.front();
  std::int64_t step = 0;
  for (const std::int64_t position : gather.positions) step = std::gcd(step, position - origin);
  // Doubled, so that the mean of two middle positions is whole.
  for (std::int64_t& position : gather.positions) position = 2 * ((position - origin) / step);
  return gather;
}

// Every sum below is at most the number of combinations times the diameter.
void refuse_uncountable(const Gather& gather) {
  const auto [among, count] = quorum_draw(gather);
  double combinations = 1;
  for (std::int64_t i = 0; i < gather.correct(); ++i) combinations *= choose(among, count);
  const double most = 0x1p126 / static_cast<double>(gather.diameter());
  if (combinations <= most) return;
  throw InputError(
      {"--values",
       fmt::format("there are about {:.2g} combinations of quorums, and at most {:.2g} "
                   "can be counted exactly",
                   combinations, most),
       "use --samples 100000, fewer servers or values of fewer digits"});
}

Fraction reduced(Count numerator, Count denominator) {
  Count a = numerator, b = denominator;
  while (b != 0) a = std::exchange(b, a % b);
  return {numerator / a, denominator / a};
}

// What each receiver can be made to adopt after drawing its quorum by selection sampling (Knuth,
// The Art of Computer Programming 3.4.2, algorithm S).
Interval draw_interval(const Gather& gather, Index receiver, Stream stream, Positions& heard) {
  auto [among, count] = quorum_draw(gather);
  heard.clear();
  for (Index i = 0; i < gather.positions.size(); ++i) {
    const bool given = hears_itself(gather) && i == receiver;
    const bool drawn = !given && stream.below(static_cast<std::uint64_t>(among--)) <
                                     static_cast<std::uint64_t>(count);
    if (drawn) --count;
    if (given || drawn) heard.push_back(gather.positions[i]);
  }
  return interval_of(gather, heard);
}

}  // namespace

Issues problems_of(const Gather& gather) {
  const std::int64_t f = gather.byzantine, n = gather.servers(), q = gather.quorum;
  Issues issues;
  if (gather.correct() > kMostGathered)
    issues.push_back({"--values", fmt::format("{} honest servers are too many", gather.correct()),
                      fmt::format("use at most {}", kMostGathered)});
  if (gather.positions.empty() || gather.diameter() == 0)
    issues.push_back({"--values",
                      "the honest servers all hold the same value, so there is no "
                      "diameter to contract",
                      "give at least two different values"});
  if (n - f < 2 * f + 1)
    issues.push_back(
        {"--byzantine",
         fmt::format("n = {} servers of which f = {} are Byzantine: a quorum needs "
                     "q >= 2f + 1 for its median to be bounded by honest values and "
                     "q <= n - f to be complete without the Byzantine ones",
                     n, f),
         fmt::format("give at least {} values or fewer Byzantine servers", 2 * f + 1)});
  if (!issues.empty()) return issues;
  if (q < 2 * f + 1)
    issues.push_back({"--quorum",
                      fmt::format("q = {} is below 2f + 1 = {}: f Byzantine values could be the "
                                  "median themselves, and the new diameter would have no bound",
                                  q, 2 * f + 1),
                      fmt::format("use {} to {}", 2 * f + 1, n - f)});
  if (q > n - f)
    issues.push_back({"--quorum",
                      fmt::format("q = {} is above n - f = {}: the Byzantine servers may stay "
                                  "silent, and a larger quorum might never complete",
                                  q, n - f),
                      fmt::format("use {} to {}", 2 * f + 1, n - f)});
  return issues;
}

Reach worst_reach(const Gather& gather) {
  BYZ_CHECK(problems_of(gather).empty(), "a gather was checked before it is computed");
  std::vector<Interval> widest;
  for (Index i = 0; i < gather.positions.size(); ++i) widest.push_back(widest_interval(gather, i));
  return reach_of(widest);
}

// Receivers draw independently, so the distribution of the spread is built up receiver by receiver;
// no combination of quorums is ever listed.
Fraction expected_ratio(const Gather& asked) {
  BYZ_CHECK(problems_of(asked).empty(), "a gather was checked before it is computed");
  const Gather gather = on_coarsest_grid(asked);
  refuse_uncountable(gather);
  std::map<Reach, Count> spreads;
  Chances chances = chances_of(gather, 0);
  for (const auto& [interval, ways] : chances) spreads[{interval.high, interval.low, 0}] += ways;
  for (Index receiver = 1; receiver < gather.positions.size(); ++receiver) {
    // Otherwise all receivers draw alike, and one distribution serves all.
    if (hears_itself(gather)) chances = chances_of(gather, receiver);
    std::map<Reach, Count> wider;
    for (const auto& [spread, ways] : spreads)
      for (const auto& [interval, more_ways] : chances)
        wider[widened(spread, interval)] += ways * more_ways;
    spreads = std::move(wider);
  }
  Count total = 0, sum = 0;
  for (const auto& [spread, ways] : spreads) {
    total += ways;
    sum += ways * static_cast<Count>(spread.diameter);
  }
  return reduced(sum, total * static_cast<Count>(gather.diameter()));
}

Estimate sampled_ratio(const Gather& gather, std::int64_t samples, std::uint64_t seed) {
  BYZ_CHECK(problems_of(gather).empty(), "a gather was checked before it is computed");
  BYZ_CHECK(samples >= 2, "a standard deviation needs two samples");
  double mean = 0, squares = 0;  // of deviations from the mean, by Welford's recurrence (1962)
  std::vector<Interval> intervals(gather.positions.size());
  Positions heard;
  for (std::int64_t sample = 0; sample < samples; ++sample) {
    for (Index i = 0; i < intervals.size(); ++i)
      intervals[i] = draw_interval(
          // Named by receiver and sample: more samples move no earlier one.
          gather, i, Stream(seed, Purpose::quorum, i, static_cast<std::uint64_t>(sample)), heard);
    const double ratio =
        static_cast<double>(reach_of(intervals).diameter) / static_cast<double>(gather.diameter());
    const double before = ratio - mean;
    mean += before / static_cast<double>(sample + 1);
    squares += before * (ratio - mean);
  }
  const auto count = static_cast<double>(samples);
  constexpr double quantile = 1.959963984540054;  // of the normal distribution, 97.5 %
  return {mean, quantile * std::sqrt(squares / (count - 1) / count)};
}

}  // namespace byzsim
