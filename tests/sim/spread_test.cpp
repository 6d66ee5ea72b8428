#include "sim/observe/spread.h"

#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "tests/catch.h"

namespace byzsim::spread_test {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

std::vector<Payload> payloads(const std::vector<std::vector<float>>& vectors) {
  std::vector<Payload> payloads;
  for (const auto& vector : vectors) payloads.emplace_back(vector);
  return payloads;
}

Spread spread(const std::vector<std::vector<float>>& vectors) {
  return spread_of(payloads(vectors));
}

double noise(const std::vector<std::vector<float>>& vectors) {
  return variance_to_norm(payloads(vectors));
}

}  // namespace

TEST_CASE("one vector has no spread") {
  CHECK(spread({{1, 2}}).diameter == 0);
  CHECK(spread({{1, 2}}).coordinates == 0);
  CHECK_FALSE(spread({{1, 2}}).alignment);
}

TEST_CASE("the diameter is the largest distance, the widths are summed coordinate by coordinate") {
  const Spread two = spread({{0, 0}, {3, 4}});
  CHECK(two.diameter == 5);
  CHECK(two.coordinates == 3 + 4);
  CHECK_FALSE(two.alignment);
  // The widths of all vectors count, whoever has them: 6 from the first two, 8 from the last two.
  const Spread three = spread({{-3, 0}, {3, 0}, {0, 8}});
  CHECK(three.diameter == std::sqrt(9.0 + 64.0));
  CHECK(three.coordinates == 6 + 8);
}

TEST_CASE("alignment is the cosine between the two largest differences, without its sign") {
  // (3, 4) and (0, 4), of lengths 5 and 4: 16 / 20.
  CHECK(*spread({{0, 0}, {3, 4}, {3, 0}}).alignment == Approx(0.8).epsilon(1e-15));
  // All on one line.
  CHECK(*spread({{0, 0}, {1, 1}, {3, 3}}).alignment == Approx(1).epsilon(1e-15));
}

TEST_CASE("alignment looks at the largest differences wherever they stand") {
  // The sides of the triangle are 10, 8 and 6; the angle between the larger two has cosine 0.8.
  for (const auto& vectors : {std::vector<std::vector<float>>{{0, 0}, {8, 0}, {8, 6}},
                              {{8, 6}, {0, 0}, {8, 0}},
                              {{8, 0}, {8, 6}, {0, 0}}})
    CHECK(*spread(vectors).alignment == Approx(0.8).epsilon(1e-15));
}

TEST_CASE("equal vectors have no alignment that means anything") {
  const Spread same = spread({{1, 2}, {1, 2}, {1, 2}});
  CHECK(same.diameter == 0);
  CHECK(std::isnan(*same.alignment));
}

TEST_CASE("a NaN anywhere makes the diameter infinite and the widths NaN") {
  for (const auto& vectors : {std::vector<std::vector<float>>{{kNan, 0}, {1, 2}, {3, 4}},
                              {{1, 2}, {0, kNan}, {3, 4}},
                              {{1, 2}, {3, 4}, {kNan, kNan}}}) {
    CHECK(std::isinf(spread(vectors).diameter));
    CHECK(std::isnan(spread(vectors).coordinates));
  }
}

TEST_CASE("the distance of each vector is taken from the mean of all") {
  // The mean is (2, 2).
  CHECK(distances_from_mean(payloads({{2, 2}, {5, 6}, {-1, -2}})) == std::vector<double>{0, 5, 5});
  CHECK(distances_from_mean(payloads({{7, 7}})) == std::vector<double>{0});
  CHECK(std::isnan(distances_from_mean(payloads({{kNan}, {1}}))[1]));
}

TEST_CASE("the noise of gradients is their deviation over the norm of their mean") {
  CHECK(noise({{1, 0}, {3, 0}}) == 0.5);                         // 1 / 2
  CHECK(noise({{1, 2}, {3, 6}}) == Approx(0.5).epsilon(1e-15));  // sqrt(5) / sqrt(20)
  CHECK(noise({{3, 4}, {3, 4}, {3, 4}}) == 0);
  CHECK(noise({{0}, {0}, {3}}) == Approx(std::sqrt(2.0)).epsilon(1e-15));  // (1 + 1 + 4) / 3; 1
}

TEST_CASE("the noise of gradients without a mean, or with a NaN, is not finite") {
  CHECK(std::isinf(noise({{1}, {-1}})));
  CHECK(std::isnan(noise({{0}, {0}})));
  CHECK(std::isnan(noise({{kNan, 1}, {1, 1}})));
}

TEST_CASE("the descent's cosine compares a step with a gradient, whatever their lengths") {
  const Payload before({1, 1}), after({-2, 1});  // three along -x
  CHECK(descent_cosine(before, after, Payload({5, 0})) == 1);
  CHECK(descent_cosine(before, after, Payload({0, 5})) == 0);
  CHECK(descent_cosine(before, after, Payload({-5, 0})) == -1);
  CHECK(descent_cosine(before, after, Payload({3, 4})) == Approx(0.6).epsilon(1e-15));
  CHECK(std::isnan(descent_cosine(before, before, Payload({3, 4}))));
}

TEST_CASE("the mean of vectors is taken coordinate by coordinate") {
  CHECK(mean_of(payloads({{1, 2}, {3, 6}})) == std::vector<float>{2, 4});
}

TEST_CASE("vectors on two sides lie around the means of their sides") {
  // Means (1, 0) and (1, 4); every vector is 1 away from its side's.
  const auto vectors = payloads({{0, 0}, {1, 3}, {2, 0}, {1, 5}});
  const std::optional<CutSpread> cut = cut_spread(vectors, {0, 1, 0, 1});
  REQUIRE(cut);
  CHECK(cut->across == 4);
  CHECK(cut->within == 1);
  // The mean of all is (1, 2): (5 + 1 + 5 + 9) / 4 = 1 + 2 x 2 / 16 x 16.
  double squares = 0;
  for (const double distance : distances_from_mean(vectors)) squares += distance * distance;
  CHECK(squares / 4 == Approx(1 + 4));
}

TEST_CASE("a side without vectors has no mean") {
  CHECK_FALSE(cut_spread(payloads({{0, 0}, {1, 3}}), {1, 1}));
  CHECK_FALSE(cut_spread(payloads({{0, 0}}), {0}));
}

}  // namespace byzsim::spread_test
