#include "core/distances.h"

#include <cmath>
#include <limits>
#include <vector>

#include "core/random.h"
#include "core/shards.h"
#include "core/vector_kernels.h"
#include "tests/catch.h"

namespace byzsim {
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

TEST_CASE("Squared distances agree with a long double sum", "[distances]") {
  for (const std::size_t dimension : {1UL, 15UL, 16UL, 17UL, 8192UL, 8193UL, 20000UL}) {
    const auto rows = random_rows(3, dimension);
    const DistanceMatrix matrix = distances_of(rows);
    long double sum = 0;
    for (std::size_t c = 0; c < dimension; ++c) {
      const long double difference = static_cast<long double>(rows[0][c]) - rows[2][c];
      sum += difference * difference;
    }
    CAPTURE(dimension);
    CHECK(matrix(0, 2) == Approx(static_cast<double>(sum)).epsilon(1e-14));
  }
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

TEST_CASE("A squared distance beyond double is +infinity", "[distances]") {
  CHECK(distances_of<double>({{1e200}, {-1e200}})(0, 1) == kInfinity);
  CHECK(distances_of<double>({{1.7e308}, {-1.7e308}})(0, 1) == kInfinity);
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

TEST_CASE("A pair's kernel over shards gives the bits of the matrix", "[distances]") {
  const auto rows = random_rows(2, 3 * kShardSize + 100);
  CHECK(distance(rows[0], rows[1]) == std::sqrt(distances_of(rows)(0, 1)));
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

TEST_CASE("A mean of huge numbers does not overflow", "[distances]") {
  const double large = std::numeric_limits<double>::max();
  const std::vector<double> a = {large, 1e308, 1}, b = {large, -1e308, 2}, c = {large, 1.5e308, 3};
  const double* vectors[] = {a.data(), b.data(), c.data()};
  std::vector<double> mean(3);
  mean_of<double>(vectors, 0, 3, mean.data());
  CHECK(mean == std::vector<double>{large, 0.5e308, 2});
}

}  // namespace
}  // namespace byzsim
