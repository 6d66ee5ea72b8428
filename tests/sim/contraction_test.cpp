#include "sim/gather/contraction.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "tests/catch.h"

namespace byzsim::contraction_test {
namespace {

constexpr QuorumLaw kLaws[] = {QuorumLaw::uniform, QuorumLaw::byzantine_first,
                               QuorumLaw::byzantine_first_own};
constexpr Middle kMiddles[] = {Middle::mean, Middle::lower, Middle::upper};

// Positions are doubled: a Gather has even ones.
Gather gather_of(std::vector<std::int64_t> values, std::int64_t byzantine, std::int64_t quorum,
                 QuorumLaw law = QuorumLaw::uniform, Middle middle = Middle::mean) {
  for (std::int64_t& value : values) value *= 2;
  return {values, byzantine, quorum, law, middle};
}

std::string ratio_of(const Gather& gather) {
  const Fraction ratio = expected_ratio(gather);
  return std::to_string(static_cast<std::uint64_t>(ratio.numerator)) + "/" +
         std::to_string(static_cast<std::uint64_t>(ratio.denominator));
}

// --- the definition taken literally: every combination of quorums, every combination of lies ---

double median_of(std::vector<double> heard, Middle middle) {
  std::sort(heard.begin(), heard.end());
  const double lower = heard[(heard.size() - 1) / 2], upper = heard[heard.size() / 2];
  if (middle == Middle::mean) return (lower + upper) / 2;
  return middle == Middle::lower ? lower : upper;
}

/// Every sequence of `count` numbers below `options`.
void for_each_sequence(std::size_t count, std::size_t options,
                       const std::function<void(const std::vector<std::size_t>&)>& visit) {
  std::vector<std::size_t> sequence(count, 0);
  for (;;) {
    visit(sequence);
    std::size_t i = 0;
    while (i < count && ++sequence[i] == options) sequence[i++] = 0;
    if (i == count) return;
  }
}

/// Every quorum that the law admits to a receiver, as a mask: honest servers first.
std::vector<std::size_t> quorums_of(const Gather& gather, std::size_t receiver) {
  const std::size_t correct = gather.positions.size();
  const std::size_t all = (std::size_t{1} << gather.servers()) - 1,
                    liars = all >> correct << correct;
  std::vector<std::size_t> quorums;
  for (std::size_t mask = 0; mask <= all; ++mask) {
    if (__builtin_popcountll(mask) != gather.quorum) continue;
    if (gather.law != QuorumLaw::uniform && (mask & liars) != liars) continue;
    if (gather.law == QuorumLaw::byzantine_first_own && !(mask >> receiver & 1)) continue;
    quorums.push_back(mask);
  }
  return quorums;
}

/// Every position that a receiver can be made to adopt when its quorum's liars say these words.
std::vector<double> adoptable(const Gather& gather, std::size_t quorum,
                              const std::vector<double>& words) {
  std::vector<double> heard;
  for (std::size_t i = 0; i < gather.positions.size(); ++i)
    if (quorum >> i & 1) heard.push_back(double(gather.positions[i]));
  const std::size_t correct = heard.size();
  std::vector<double> adopted;
  for_each_sequence(std::size_t(gather.quorum) - correct, words.size(), [&](const auto& said) {
    heard.resize(correct);
    for (const std::size_t word : said) heard.push_back(words[word]);
    adopted.push_back(median_of(heard, gather.middle));
  });
  return adopted;
}

double largest_diameter(const std::vector<const std::vector<double>*>& choices) {
  double largest = 0;
  std::vector<double> adopted(choices.size());
  const std::function<void(std::size_t)> choose = [&](std::size_t receiver) {
    if (receiver == choices.size()) {
      const auto [low, high] = std::minmax_element(adopted.begin(), adopted.end());
      largest = std::max(largest, *high - *low);
      return;
    }
    for (const double position : *choices[receiver]) {
      adopted[receiver] = position;
      choose(receiver + 1);
    }
  };
  choose(0);
  return largest;
}

struct Literal {
  double expected_ratio;
  double worst_diameter;
};

/// All combinations of quorums; for each all lies, every voice one of `words`.
Literal taken_literally(const Gather& gather, const std::vector<double>& words) {
  const std::size_t receivers = gather.positions.size();
  std::vector<std::vector<std::vector<double>>> adopted(receivers);
  for (std::size_t i = 0; i < receivers; ++i)
    for (const std::size_t quorum : quorums_of(gather, i))
      adopted[i].push_back(adoptable(gather, quorum, words));
  double sum = 0, worst = 0, combinations = 0;
  for_each_sequence(receivers, adopted[0].size(), [&](const std::vector<std::size_t>& drawn) {
    std::vector<const std::vector<double>*> choices;
    for (std::size_t i = 0; i < receivers; ++i) choices.push_back(&adopted[i][drawn[i]]);
    const double diameter = largest_diameter(choices);
    sum += diameter;
    worst = std::max(worst, diameter);
    ++combinations;
  });
  return {sum / combinations / double(gather.diameter()), worst};
}

const std::vector<double> kExtremes = {-INFINITY, INFINITY};

void check_against_literal(const Gather& gather, const std::vector<double>& words = kExtremes) {
  CAPTURE(gather.positions, gather.byzantine, gather.quorum, int(gather.law), int(gather.middle));
  const Literal literal = taken_literally(gather, words);
  CHECK(expected_ratio(gather).value() == Approx(literal.expected_ratio).epsilon(1e-12));
  CHECK(double(worst_reach(gather).diameter) == literal.worst_diameter);
}

}  // namespace

TEST_CASE("servers at 1, 2, 3, 4 with one liar move from 1.5 to 3.5 and contract to 0.6128") {
  // The talk's slides 11 and 12: the reachable positions, the diameter 2 instead of 3. The ratio:
  // all quorums and lies enumerated apart from this code.
  const Gather gather = gather_of({1, 2, 3, 4}, 1, 4);
  CHECK(worst_reach(gather) == Reach{7, 3, 4});  // doubled, as positions are
  CHECK(ratio_of(gather) == "383/625");
  CHECK(expected_ratio(gather).value() == 0.6128);
}

TEST_CASE("the lower median of 1, 2, 3, 4 moves within 1 to 3, the upper within 2 to 4") {
  const auto spread = [](Middle middle) {
    return worst_reach(gather_of({1, 2, 3, 4}, 1, 4, QuorumLaw::uniform, middle));
  };
  CHECK(spread(Middle::lower) == Reach{6, 2, 4});
  CHECK(spread(Middle::upper) == Reach{8, 4, 4});
}

TEST_CASE("the ratio agrees with all combinations of quorums and lies, one liar") {
  for (const QuorumLaw law : kLaws)
    for (const Middle middle : kMiddles)
      for (const auto& values : {std::vector<std::int64_t>{0, 1, 5},
                                 {0, 0, 2},
                                 {1, 2, 3, 4},
                                 {0, 0, 1, 1},
                                 {0, 3, 4, 11}})
        for (std::int64_t q = 3; q <= std::int64_t(values.size()); ++q)
          check_against_literal(gather_of(values, 1, q, law, middle));
}

TEST_CASE("the ratio agrees with all combinations of quorums and lies, five servers and one liar") {
  for (const std::int64_t q : {4, 5}) check_against_literal(gather_of({0, 1, 4, 6, 13}, 1, q));
}

TEST_CASE("the ratio agrees with all combinations of quorums and lies, two liars") {
  for (const Middle middle : kMiddles)
    for (const QuorumLaw law : {QuorumLaw::byzantine_first, QuorumLaw::byzantine_first_own})
      check_against_literal(gather_of({0, 1, 4, 6, 13}, 2, 5, law, middle));
}

TEST_CASE("the ratio agrees with all combinations of quorums when nobody lies") {
  for (const QuorumLaw law : kLaws)
    for (const std::int64_t q : {1, 2, 3, 4})
      check_against_literal(gather_of({0, 1, 4, 6}, 0, q, law));
}

TEST_CASE("lies in between are never worse than the extremes") {
  const std::vector<double> words = {-INFINITY, 0, 1, 2, 3, 5, 8, 9, 10, INFINITY};
  for (const Middle middle : kMiddles)
    check_against_literal(gather_of({0, 1, 5}, 1, 3, QuorumLaw::uniform, middle), words);
}

TEST_CASE("two clusters with a liar keep their diameter in the worst case only") {
  // f + 1 servers at 0 and f + 1 at 1 with n = 3f + 2 and q = 2f + 2: the lies decide the middle.
  const Gather gather = gather_of({0, 0, 1, 1}, 1, 4);
  CHECK(worst_reach(gather).diameter == gather.diameter());
  CHECK(expected_ratio(gather).value() < 1);
}

TEST_CASE("the ratio knows neither unit nor origin nor direction") {
  const std::string ratio = ratio_of(gather_of({0, 3, 4, 11}, 1, 4));
  CHECK(ratio_of(gather_of({-50, -20, -10, 60}, 1, 4)) == ratio);
  CHECK(ratio_of(gather_of({0, 7, 8, 11}, 1, 4)) == ratio);
}

TEST_CASE("two liars that are always heard keep two clusters at more than 0.99 of their diameter") {
  CHECK(expected_ratio(gather_of({0, 0, 0, 1, 1, 1}, 2, 6, QuorumLaw::byzantine_first)).value() >
        0.99);
}

TEST_CASE("more combinations than can be counted are refused with their number") {
  std::vector<std::int64_t> values;
  for (std::int64_t i = 0; i < 14; ++i) values.push_back(i);
  try {
    expected_ratio(gather_of(values, 6, 14));
    FAIL("was counted");
  } catch (const InputError& error) {
    // C(20, 14)^14 = 38760^14 = 1.7e64
    CHECK_THAT(error.what(),
               Catch::Matchers::StartsWith("--values: there are about 1.7e+64 combinations"));
  }
}

TEST_CASE("a sampled ratio has the exact one within its confidence interval") {
  // Of 40 intervals of 95 % about 38 hold it, and fewer than 34 with a probability of 0.5 %.
  for (const QuorumLaw law : kLaws) {
    const Gather gather = gather_of({0, 3, 4, 11}, 1, 4, law);
    const double exact = expected_ratio(gather).value();
    int within = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      const Estimate estimate = sampled_ratio(gather, 2000, seed);
      within += std::fabs(estimate.mean - exact) <= estimate.half_width;
    }
    CAPTURE(int(law), within);
    CHECK(within >= 34);
    CHECK(sampled_ratio(gather, 100'000, 1).mean == Approx(exact).margin(0.005));
  }
}

TEST_CASE("a sampled ratio is a pure function of its seed") {
  const Gather gather = gather_of({0, 3, 4, 11}, 1, 4);
  CHECK(sampled_ratio(gather, 1000, 5).mean == sampled_ratio(gather, 1000, 5).mean);
  CHECK(sampled_ratio(gather, 1000, 5).mean != sampled_ratio(gather, 1000, 6).mean);
}

TEST_CASE("a gather needs 2f + 1 <= q <= n - f") {
  const auto place_of = [](const Gather& gather) {
    const Issues issues = problems_of(gather);
    return issues.empty() ? "" : issues[0].where;
  };
  CHECK(place_of(gather_of({1, 2, 3, 4}, 1, 2)) == "--quorum");
  CHECK(place_of(gather_of({1, 2, 3, 4}, 1, 3)) == "");
  CHECK(place_of(gather_of({1, 2, 3, 4}, 1, 4)) == "");
  CHECK(place_of(gather_of({1, 2, 3, 4}, 1, 5)) == "--quorum");
  CHECK(place_of(gather_of({1, 2, 3, 4}, 2, 4)) == "--byzantine");
  CHECK(place_of(gather_of({1, 1, 1, 1}, 1, 4)) == "--values");
}

}  // namespace byzsim::contraction_test
