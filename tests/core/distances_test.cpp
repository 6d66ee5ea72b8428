#include "core/kernels/distances.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/exact/random.h"
#include "core/kernels/vector_kernels.h"
#include "core/machine/shards.h"
#include "tests/catch.h"

namespace byzsim::distances_test {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

template <class Real>
DistanceMatrix distances_of(const std::vector<std::vector<Real>>& rows, int threads = 1) {
  std::vector<const Real*> pointers;
  for (const auto& row : rows) pointers.push_back(row.data());
  const Executor executor(threads);
  return squared_distances<Real>(pointers, rows[0].size(), executor);
}

std::vector<std::vector<float>> random_rows(std::size_t n, std::size_t dimension) {
  std::vector<std::vector<float>> rows(n, std::vector<float>(dimension));
  for (std::size_t i = 0; i < n; ++i) {
    Stream stream(2, Purpose::attack, i, dimension);
    for (float& value : rows[i]) value = static_cast<float>(stream.uniform(-1, 1));
  }
  return rows;
}

TEST_CASE("Squared distances are those of Pythagoras", "[distances]") {
  const DistanceMatrix matrix = distances_of<float>({{0, 0}, {3, 4}, {0, 4}});
  CHECK(matrix(0, 1) == 25);  // 3^2 + 4^2
  CHECK(matrix(1, 0) == 25);
  CHECK(matrix(0, 2) == 16);
  CHECK(matrix(1, 2) == 9);
  CHECK(matrix(1, 1) == 0);
}

// The largest relative error of any pair against sums in long double.
template <class Real>
double largest_error(const std::vector<std::vector<Real>>& rows) {
  const DistanceMatrix matrix = distances_of(rows);
  double largest = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows.size(); ++j) {
      long double sum = 0;
      for (std::size_t c = 0; c < rows[i].size(); ++c) {
        const long double difference = static_cast<long double>(rows[i][c]) - rows[j][c];
        sum += difference * difference;
      }
      const double expected = static_cast<double>(sum);
      if (matrix(i, j) != expected)
        largest = std::max(largest, std::fabs(matrix(i, j) - expected) / expected);
    }
  }
  return largest;
}

// rows + scale times other rows.
std::vector<std::vector<float>> perturbed(std::vector<std::vector<float>> rows, float scale) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Stream stream(3, Purpose::attack, i, 0);
    for (float& value : rows[i]) value += scale * static_cast<float>(stream.uniform(-1, 1));
  }
  return rows;
}

std::vector<std::vector<float>> scaled(std::vector<std::vector<float>> rows, float scale) {
  for (auto& row : rows)
    for (float& value : row) value *= scale;
  return rows;
}

TEST_CASE("Squared distances of floats agree with a long double sum to 1e-6", "[distances]") {
  for (const std::size_t dimension :
       {1UL, 7UL, 8UL, 9UL, 127UL, 128UL, 129UL, 8192UL, 8193UL, 20000UL}) {
    CAPTURE(dimension);
    CHECK(largest_error(random_rows(3, dimension)) < 1e-6);
  }
}

TEST_CASE("Squared distances of doubles agree with a long double sum to 1e-14", "[distances]") {
  for (const std::size_t dimension : {1UL, 3UL, 4UL, 5UL, 8193UL}) {
    std::vector<std::vector<double>> rows;
    for (const auto& row : random_rows(5, dimension)) rows.emplace_back(row.begin(), row.end());
    CAPTURE(dimension);
    CHECK(largest_error(rows) < 1e-14);
  }
}

TEST_CASE("Every pair of 1 to 20 and of 63 to 131 vectors gets its own distance", "[distances]") {
  for (std::size_t n = 1; n <= 20; ++n) {
    CAPTURE(n);
    CHECK(largest_error(random_rows(n, 141)) < 1e-6);
  }
  for (const std::size_t n : {63UL, 64UL, 65UL, 66UL, 131UL}) {
    CAPTURE(n);
    CHECK(largest_error(random_rows(n, 9)) < 1e-6);
  }
}

TEST_CASE("The distance of vectors 1e-6 apart keeps six digits", "[distances]") {
  const auto rows = random_rows(1, 20000);
  CHECK(largest_error(perturbed({rows[0], rows[0], rows[0]}, 1e-6f)) < 1e-6);
}

TEST_CASE("Distances whose squares overflow float are right", "[distances]") {
  CHECK(largest_error(scaled(random_rows(4, 9000), 1e30f)) < 1e-14);
  CHECK(largest_error(scaled(random_rows(4, 300), 3e38f)) < 1e-14);
}

TEST_CASE("Distances whose squares vanish in float are right", "[distances]") {
  for (const float scale : {1e-15f, 1e-17f, 1e-19f, 1e-25f, 1e-38f, 1e-44f}) {
    CAPTURE(scale);
    CHECK(largest_error(scaled(random_rows(4, 9000), scale)) < 1e-6);
  }
}

TEST_CASE("Equal vectors are at distance zero, signs of zeros aside", "[distances]") {
  auto rows = random_rows(1, 9000);
  rows.push_back(rows[0]);
  CHECK(distances_of(rows)(0, 1) == 0);
  CHECK(distances_of<float>({{0, 1}, {-0.0f, 1}})(0, 1) == 0);
}

TEST_CASE("A pair's distance does not depend on the other vectors", "[distances]") {
  const auto rows = random_rows(13, 3 * kShardSize + 100);
  const DistanceMatrix all = distances_of(rows);
  for (const std::size_t i : {0UL, 3UL, 7UL})
    for (const std::size_t j : {8UL, 11UL, 12UL})
      CHECK(distances_of<float>({rows[j], rows[i]})(0, 1) == all(i, j));
}

TEST_CASE("The distance of near vectors keeps its digits", "[distances]") {
  // 1 + 2^-20 is a float: each of 1000 coordinates differs by exactly 2^-20.
  const std::vector<float> a(1000, 1.0f), b(1000, 1.0f + 0x1p-20f);
  CHECK(distances_of<float>({a, b})(0, 1) == 1000 * 0x1p-40);
}

TEST_CASE("A distance to a non-finite vector is +infinity", "[distances]") {
  const float infinity = std::numeric_limits<float>::infinity();
  const DistanceMatrix matrix =
      distances_of<float>({{0, 0}, {kNan, 0}, {infinity, 0}, {infinity, 0}, {-infinity, 0}});
  for (std::size_t i = 0; i < matrix.n(); ++i)
    for (std::size_t j = 0; j < matrix.n(); ++j) CHECK(matrix(i, j) == (i == j ? 0 : kInfinity));
}

TEST_CASE("A non-finite vector does not change the distances of others", "[distances]") {
  auto rows = random_rows(4, 9000);
  const double expected = distances_of(rows)(0, 3);
  rows[1][8999] = kNan;
  rows[2][0] = -std::numeric_limits<float>::infinity();
  const DistanceMatrix matrix = distances_of(rows);
  CHECK(matrix(0, 3) == expected);
  CHECK(matrix(0, 1) == kInfinity);
  CHECK(matrix(2, 3) == kInfinity);
}

TEST_CASE("A squared distance beyond double is +infinity", "[distances]") {
  CHECK(distances_of<double>({{1e200}, {-1e200}})(0, 1) == kInfinity);
  CHECK(distances_of<double>({{1.7e308}, {-1.7e308}})(0, 1) == kInfinity);
}

TEST_CASE("A null pointer in the end stands for the zero vector", "[distances]") {
  const Executor executor(1);
  for (const std::size_t n : {1, 2, 4, 5, 11, 64, 70}) {
    auto rows = random_rows(n, kShardSize + 77);
    if (n == 11) rows[2][5] = kNan, rows[3][6] = 3e38f;  // whose squares overflow float
    if (n == 11) std::fill(rows[4].begin(), rows[4].end(), 1e-30f);
    std::vector<const float*> pointers;
    for (const auto& row : rows) pointers.push_back(row.data());
    pointers.push_back(nullptr);
    const DistanceMatrix matrix = squared_distances<float>(pointers, rows[0].size(), executor);
    rows.emplace_back(rows[0].size(), 0.0f);
    const DistanceMatrix expected = distances_of(rows);
    bool equal = true;
    for (std::size_t i = 0; i <= n; ++i)
      for (std::size_t j = 0; j <= n; ++j) equal &= matrix(i, j) == expected(i, j);
    CAPTURE(n);
    CHECK(equal);
  }
}

TEST_CASE("One vector has no distances and no vector has none either", "[distances]") {
  CHECK(distances_of<float>({{1, 2}}).n() == 1);
  const Executor executor(1);
  CHECK(squared_distances<float>({}, 5, executor).n() == 0);
}

TEST_CASE("Distances have the same bits on any number of threads", "[distances]") {
  const auto rows = random_rows(5, 40 * kShardSize + 7);
  const DistanceMatrix one = distances_of(rows, 1);
  for (const int threads : {2, 3, 8}) {
    const DistanceMatrix many = distances_of(rows, threads);
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (std::size_t j = 0; j < rows.size(); ++j) CHECK(many(i, j) == one(i, j));
  }
}

TEST_CASE("The distance of two vectors alone agrees with the matrix", "[distances]") {
  const auto rows = random_rows(2, 3 * kShardSize + 100);
  CHECK(distance(rows[0], rows[1]) ==
        Approx(std::sqrt(distances_of(rows)(0, 1))).epsilon(1e-6).margin(0));
}

TEST_CASE("The sum of squares runs in 16 lanes that fold in halves", "[distances]") {
  // Coordinate 0 squares to 2^54, whose neighbours are 4 apart. Lane 0 also takes coordinate 16,
  // and loses its 1; lanes 1 and 9 fold to 2, which is half a step and rounds back to 2^54.
  std::vector<double> a(17, 0.0);
  a[0] = 0x1p27;
  a[16] = a[1] = a[9] = 1;
  CHECK(squared_norm(a.data(), a.size()) == 0x1p54);
  a[5] = a[13] = 1;  // another 2, which joins the first before lane 0
  CHECK(squared_norm(a.data(), a.size()) == 0x1p54 + 4);
}

TEST_CASE("The product with a difference takes every shard", "[distances]") {
  std::vector<float> a(2 * kShardSize + 5, 0.0f), b = a, c = a;
  a.front() = 1, b.front() = 2, c.front() = 3;
  a.back() = 5, b.back() = 2, c.back() = 4;
  CHECK(product_with_difference(a, b, c) == (1 - 2) * 3 + (5 - 2) * 4);
}

TEST_CASE("Distances that are filled in have the bits of those computed at once", "[distances]") {
  const Executor executor(2);
  Stream stream(7, Purpose::aggregation, 0, 0);
  for (const std::size_t n : {2, 3, 7, 30, 75}) {
    auto rows = random_rows(static_cast<int>(n), kShardSize + 203);
    // What floats cannot hold is summed again: not finite, too small, equal.
    rows[0][5] = kInfinity;
    rows[n / 2] = rows[n - 1];
    rows[n / 2][9] += 1e-24f;
    std::vector<const float*> pointers;
    for (const auto& row : rows) pointers.push_back(row.data());
    const DistanceMatrix all =
        squared_distances(std::span<const float* const>(pointers), rows[0].size(), executor);
    for (const std::uint64_t one_of : {1, 2, 9, 40}) {
      DistanceMatrix known = all;
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 1; j < n; ++j)
          if (stream.below(one_of) == 0) known.set(i, j, kNan);
      complete_distances(pointers, rows[0].size(), executor, known);
      bool same = true;
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) same = same && known(i, j) == all(i, j);
      CAPTURE(n, one_of);
      CHECK(same);
    }
  }
}

TEST_CASE("Distances of overlapping quorums, one after the other, are those of all vectors",
          "[distances]") {
  constexpr std::size_t n = 150, servers = 5;
  const auto rows = random_rows(n, kShardSize + 77);
  std::vector<const float*> pointers;
  for (const auto& row : rows) pointers.push_back(row.data());
  const Executor executor(2);
  const DistanceMatrix all =
      squared_distances(std::span<const float* const>(pointers), rows[0].size(), executor);
  DistanceMatrix so_far = all;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) so_far.set(i, j, kNan);
  bool same = true;
  for (std::size_t server = 0; server < servers; ++server) {
    // Each server misses another fifth of the vectors.
    std::vector<std::size_t> quorum;
    for (std::size_t i = 0; i < n; ++i)
      if (i % servers != server) quorum.push_back(i);
    std::vector<const float*> vectors;
    DistanceMatrix known(quorum.size());
    for (std::size_t i = 0; i < quorum.size(); ++i) {
      vectors.push_back(pointers[quorum[i]]);
      for (std::size_t j = i + 1; j < quorum.size(); ++j)
        known.set(i, j, so_far(quorum[i], quorum[j]));
    }
    complete_distances(vectors, rows[0].size(), executor, known);
    for (std::size_t i = 0; i < quorum.size(); ++i)
      for (std::size_t j = i + 1; j < quorum.size(); ++j) {
        same = same && known(i, j) == all(quorum[i], quorum[j]);
        so_far.set(quorum[i], quorum[j], known(i, j));
      }
  }
  CHECK(same);
}

TEST_CASE("The product of differences takes every shard", "[distances]") {
  std::vector<float> a(2 * kShardSize + 5, 0.0f), b = a, c = a, d = a;
  a.front() = 1, b.front() = 2, c.front() = 3, d.front() = 1;
  a.back() = 5, b.back() = 2, c.back() = 4, d.back() = -1;
  CHECK(product_of_differences(a, b, c, d) == (1 - 2) * (3 - 1) + (5 - 2) * (4 + 1));
}

TEST_CASE("Widths are added over every shard", "[distances]") {
  std::vector<float> a(2 * kShardSize + 21, 1.0f), b = a, c = a;
  b.front() = -3, c.front() = 2;
  a.back() = 7, c.back() = 4;
  const std::vector<const float*> rows = {a.data(), b.data(), c.data()};
  CHECK(sum_of_widths(rows, a.size()) == (2 + 3) + (7 - 1));
}

TEST_CASE("Norm and distance of non-finite vectors are +infinity", "[distances]") {
  CHECK(norm(std::vector<float>{3, 4}) == 5);
  CHECK(norm(std::vector<float>{3, kNan}) == kInfinity);
  CHECK(distance(std::vector<float>{3, kNan}, std::vector<float>{3, kNan}) == kInfinity);
}

TEST_CASE("A vector is finite when every coordinate is", "[distances]") {
  std::vector<float> a(3000, std::numeric_limits<float>::max());
  CHECK(all_finite(a.data(), a.size()));
  for (const std::size_t position : {0UL, 1023UL, 1024UL, 2999UL}) {
    std::vector<float> b = a;
    b[position] = kNan;
    CHECK_FALSE(all_finite(b.data(), b.size()));
    b[position] = -std::numeric_limits<float>::infinity();
    CHECK_FALSE(all_finite(b.data(), b.size()));
  }
}

}  // namespace
}  // namespace byzsim::distances_test
