// The largest expected ratio that one gather can have from any positions, for up to 7 servers
// (docs/findings.md).
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/exact/random.h"
#include "sim/gather/contraction.h"
#include "tests/catch.h"

namespace byzsim::contraction_constants_test {
namespace {

struct Setting {
  std::int64_t servers;
  std::int64_t byzantine;
  QuorumLaw law;
  Middle middle;
  std::int64_t honest() const { return servers - byzantine; }
};

/// Every n <= 7 and f = 1, 2 with n >= 3f + 1, each law and each median; q = n - f.
std::vector<Setting> all_settings() {
  std::vector<Setting> settings;
  for (const std::int64_t f : {1, 2})
    for (std::int64_t n = 3 * f + 1; n <= 7; ++n)
      for (const QuorumLaw law :
           {QuorumLaw::uniform, QuorumLaw::byzantine_first, QuorumLaw::byzantine_first_own})
        for (const Middle middle : {Middle::mean, Middle::lower, Middle::upper})
          settings.push_back({n, f, law, middle});
  return settings;
}

double ratio_from(const Setting& setting, std::vector<std::int64_t> positions) {
  for (std::int64_t& each : positions) each *= 2;  // a Gather has even ones
  return expected_ratio(
             {positions, setting.byzantine, setting.honest(), setting.law, setting.middle})
      .value();
}

/// `zeros` servers at 0 and the others at 1.
double ratio_of_two_points(const Setting& setting, std::int64_t zeros) {
  std::vector<std::int64_t> positions(static_cast<std::size_t>(setting.honest()), 1);
  std::fill_n(positions.begin(), zeros, 0);
  return ratio_from(setting, positions);
}

double constant_of(const Setting& setting) {
  double largest = 0;
  for (std::int64_t zeros = 1; zeros < setting.honest(); ++zeros)
    largest = std::max(largest, ratio_of_two_points(setting, zeros));
  return largest;
}

double choose(std::int64_t n, std::int64_t k) {
  if (k < 0 || k > n) return 0;
  double ways = 1;
  for (std::int64_t i = 0; i < k; ++i)
    ways = ways * static_cast<double>(n - i) / static_cast<double>(i + 1);
  return ways;
}

/// The probability that a quorum has at least `least` of `marked` honest servers; its receiver is
/// one of them or not.
double at_least(const Setting& setting, std::int64_t marked, std::int64_t least,
                bool receiver_is_marked) {
  const std::int64_t n = setting.servers, f = setting.byzantine, q = setting.honest();
  // What is drawn at random, out of which others, and how many marked are there before.
  std::int64_t drawn = q, others = n, before = 0;
  if (setting.law != QuorumLaw::uniform) drawn -= f, others -= f;
  if (setting.law == QuorumLaw::byzantine_first_own) {
    --drawn, --others;
    if (receiver_is_marked) --marked, ++before;
  }
  double ways = 0;
  for (std::int64_t k = 0; k <= drawn; ++k)
    if (before + k >= least) ways += choose(marked, k) * choose(others - marked, drawn - k);
  return ways / choose(others, drawn);
}

/// The chance that all receivers are held at 0 or all at 1, taken from 1: every other quorum leaves
/// the diameter. For a median that is one of the values.
double closed_form(const Setting& setting, std::int64_t zeros) {
  const std::int64_t q = setting.honest(), h = setting.honest();
  // The place of the median, counted from 1.
  const std::int64_t place = setting.middle == Middle::upper ? q / 2 + 1 : (q + 1) / 2;
  double all_low = 1, all_high = 1;
  for (std::int64_t receiver = 0; receiver < h; ++receiver) {
    const bool low = receiver < zeros;
    all_low *= at_least(setting, zeros, place, low);
    all_high *= at_least(setting, h - zeros, q + 1 - place, !low);
  }
  return 1 - all_low - all_high;
}

}  // namespace

TEST_CASE("no positions contract less than two clusters do") {
  Stream stream(3, Purpose::aggregation, 0, 0);
  for (const Setting& setting : all_settings()) {
    const double constant = constant_of(setting);
    double largest = 0;
    for (int trial = 0; trial < 40; ++trial) {
      std::vector<std::int64_t> positions;
      for (std::int64_t i = 0; i < setting.honest(); ++i)
        positions.push_back(static_cast<std::int64_t>(stream.below(9)));
      std::sort(positions.begin(), positions.end());
      if (positions.front() < positions.back())
        largest = std::max(largest, ratio_from(setting, positions));
    }
    CAPTURE(setting.servers, setting.byzantine, int(setting.law), int(setting.middle));
    CHECK(largest <= constant + 1e-12);
  }
}

TEST_CASE(
    "two clusters keep their diameter unless every quorum holds its receiver at the same end") {
  for (const Setting& setting : all_settings()) {
    if (setting.honest() % 2 == 0 && setting.middle == Middle::mean) continue;
    for (std::int64_t zeros = 1; zeros < setting.honest(); ++zeros) {
      CAPTURE(setting.servers, setting.byzantine, int(setting.law), int(setting.middle), zeros);
      CHECK(std::fabs(ratio_of_two_points(setting, zeros) - closed_form(setting, zeros)) < 1e-12);
    }
  }
}

TEST_CASE(
    "with n = 3f + 1 no gather contracts once receivers hear all Byzantine servers and "
    "themselves") {
  // f Byzantine servers repeat the receiver's own value: f + 1 of q = 2f + 1 are the median.
  CHECK(constant_of({4, 1, QuorumLaw::byzantine_first_own, Middle::mean}) == 1);
  CHECK(constant_of({7, 2, QuorumLaw::byzantine_first_own, Middle::mean}) == 1);
  // With one server more the mean of the two middle values contracts.
  CHECK(constant_of({5, 1, QuorumLaw::byzantine_first_own, Middle::mean}) == 77.0 / 81);
}

}  // namespace byzsim::contraction_constants_test
