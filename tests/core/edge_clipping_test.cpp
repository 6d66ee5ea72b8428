// The rules that clip the differences between a node's vector and its neighbours', against their
// formulas.
#include "tests/core/edge_cases.h"

namespace byzsim::edge_clipping_test {
namespace {

using namespace edge_cases;

// t^2 = (the sum of w_j |x_j - x_own|^2 over the closest neighbours, of weight total - delta) /
// delta, where delta is f times the largest weight of a neighbour.
double adaptive(const Case& given) {
  const int delta = given.f * given.largest_part();
  if (delta == 0) return kFar;
  int left = -delta;
  for (const std::size_t j : given.neighbours()) left += given.parts[j];
  Indices order = farthest_first(given);
  std::reverse(order.begin(), order.end());
  double sum = 0;
  for (const std::size_t j : order) {
    const int taken = std::min(given.parts[j], std::max(0, left));
    if (taken > 0) sum += taken * to_own(given, j) * to_own(given, j);
    left -= taken;
  }
  return std::sqrt(sum / delta);
}

double second_largest(const Case& given) {
  const Indices order = farthest_first(given);
  return order.size() < 2 ? 0 : to_own(given, order[1]);
}

// The largest of the distances, the own one of 0 among them, with that much weight strictly beyond.
double threshold(const Case& given, int count) {
  double found = 0;
  for (const std::size_t i : given.neighbours()) {
    int beyond = 0;
    for (const std::size_t j : given.neighbours())
      if (to_own(given, j) > to_own(given, i)) beyond += given.parts[j];
    if (beyond >= count * given.largest_part()) found = std::max(found, to_own(given, i));
  }
  return found;
}

}  // namespace

TEST_CASE("clipped gossip moves the own vector by clipped differences") {
  for (const Values values : {Values::lattice, Values::cloud})
    for (const double radius : {0.0, 0.5, 2.0})
      check_cases("clipped_gossip", {{"radius", radius}}, {values},
                  [&](const Case& given) { return moved_within(given, radius); });
}

TEST_CASE("clipped gossip with a radius beyond all distances is plain gossip") {
  // Outliers that cancel each other leave no digits of the others if they are farther away.
  for (const Values values : {Values::lattice, Values::cloud})
    check_cases("clipped_gossip", {{"radius", 1e300}}, {.values = values, .outlier = 40},
                [](const Case& given) { return moved(given, [](std::size_t) { return 1.0; }); });
}

TEST_CASE("clipped gossip's adaptive radius is that of the closest neighbours") {
  for (const Values values : {Values::lattice, Values::cloud})
    check_cases("clipped_gossip", {}, {values},
                [](const Case& given) { return moved_within(given, adaptive(given)); });
}

TEST_CASE("clipped gossip's radius may be the second largest distance") {
  for (const Values values : {Values::lattice, Values::cloud})
    check_cases("clipped_gossip", {{"radius", std::string("second_largest")}},
                {.values = values, .outlier = 40},
                [](const Case& given) { return moved_within(given, second_largest(given)); });
}

TEST_CASE("CS+ clips to the largest distance with 2f neighbours strictly beyond it") {
  for (const Values values : {Values::lattice, Values::cloud}) {
    check_cases("cs_plus", {}, {values}, [](const Case& given) {
      return moved_within(given, threshold(given, 2 * given.f));
    });
    check_cases("cs_plus", {{"beyond", std::string("2f-1")}}, {values}, [](const Case& given) {
      return moved_within(given, threshold(given, std::max(0, 2 * given.f - 1)));
    });
    check_cases("cs_plus", {{"beyond", std::string("2f+1")}}, {values}, [](const Case& given) {
      return moved_within(given, threshold(given, 2 * given.f + 1));
    });
  }
}

TEST_CASE("rules that clip count the neighbours beyond the radius") {
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    const Case given = random_case(seed, {Values::lattice});
    CAPTURE(seed);
    CHECK(answer_of<float>("clipped_gossip", given, {{"radius", 2.0}}).counts.clipped ==
          count_beyond(given, 2));
    CHECK(answer_of<double>("cs_plus", given).counts.clipped ==
          count_beyond(given, threshold(given, 2 * given.f)));
  }
}

TEST_CASE("CS+ clips exactly 2f neighbours of equal weight that are not equally far") {
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    const Case given =
        random_case(seed, {.values = Values::cloud, .equal_weights = true, .copies = false});
    CAPTURE(seed, given.n(), given.f);
    // Up to f are out of reach, and so equally far: all of them among the 2f.
    CHECK(answer_of<float>("cs_plus", given).counts.clipped == 2 * given.f);
  }
}

TEST_CASE("CS+ clips exactly 2f of 50 neighbours whatever the weight they share") {
  // Sums of rounded weights would be off: 0.02 is added up to 49 times.
  for (int f = 0; f <= 24; ++f) {
    Case given{{}, std::vector<int>(50, 1), true, 7, f};
    for (int j = 0; j < 50; ++j) given.x.push_back({double(j) * 1.5});
    CAPTURE(f);
    // 42 neighbours on one side of 7 and 7 on the other: 14 pairs are equally far, and those
    // distances are the smallest; beyond the 35 others no threshold splits a pair.
    const std::int64_t clipped = *answer_of<float>("cs_plus", given).counts.clipped;
    CHECK(clipped == (2 * f <= 35 ? 2 * f : 35 + 2 * ((2 * f - 35 + 1) / 2)));
  }
}

}  // namespace byzsim::edge_clipping_test
