#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/exact/random.h"
#include "core/kernels/vector_kernels.h"
#include "tests/catch.h"

namespace byzsim::mean_of_test {
namespace {

template <class Real>
std::vector<Real> mean_of_rows(const std::vector<std::vector<Real>>& rows) {
  std::vector<const Real*> pointers;
  for (const auto& row : rows) pointers.push_back(row.data());
  std::vector<Real> mean(rows[0].size());
  mean_of<Real>(pointers, 0, mean.size(), mean.data());
  return mean;
}

template <class Real>
void check_against_plain_sums(std::size_t n) {
  constexpr std::size_t kDimension = 301;
  std::vector<std::vector<Real>> rows(n, std::vector<Real>(kDimension));
  Stream stream(4, Purpose::attack, n, 0);
  for (auto& row : rows)
    for (Real& value : row) value = static_cast<Real>(stream.uniform(-1, 1));
  const std::vector<Real> mean = mean_of_rows(rows);
  int differences = 0;
  for (std::size_t c = 0; c < kDimension; ++c) {
    double sum = rows[0][c];
    for (std::size_t i = 1; i < n; ++i) sum += rows[i][c];
    differences += mean[c] != static_cast<Real>(sum / static_cast<double>(n));
  }
  CAPTURE(n);
  CHECK(differences == 0);
}

TEST_CASE("A mean is the sum in the order given, in double, divided by n", "[mean_of]") {
  for (const std::size_t n : {1UL, 2UL, 3UL, 11UL, 17UL, 51UL}) {
    check_against_plain_sums<float>(n);
    check_against_plain_sums<double>(n);
  }
}

TEST_CASE("A mean writes only the asked range of coordinates", "[mean_of]") {
  const std::vector<float> a = {1, 2, 3, 4}, b = {3, 4, 5, 6};
  const float* vectors[] = {a.data(), b.data()};
  std::vector<float> out(4, -1.0f);
  mean_of<float>(vectors, 1, 3, out.data());
  CHECK(out == std::vector<float>{-1, 3, 4, -1});
}

TEST_CASE("Every NaN of a mean is the same one", "[mean_of]") {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const std::vector<float> mean =
      mean_of_rows<float>({{-kNan, 1, kInfinity, kInfinity}, {kNan, -kNan, -kInfinity, 1}});
  for (const std::size_t c : {0UL, 1UL, 2UL})
    CHECK(std::bit_cast<std::uint32_t>(mean[c]) == std::bit_cast<std::uint32_t>(kNan));
  CHECK(mean[3] == kInfinity);
}

TEST_CASE("A mean of huge numbers does not overflow", "[mean_of]") {
  const double large = std::numeric_limits<double>::max();
  const std::vector<double> a = {large, 1e308, 1}, b = {large, -1e308, 2}, c = {large, 1.5e308, 3};
  const double* vectors[] = {a.data(), b.data(), c.data()};
  std::vector<double> mean(3);
  mean_of<double>(vectors, 0, 3, mean.data());
  CHECK(mean == std::vector<double>{large, 0.5e308, 2});
  const double half = 0x1p1023;  // 1.5 + 1.5 + 0 halves are more than the largest number
  CHECK(mean_of_rows<double>({{1.5 * half, -1.5 * half}, {1.5 * half, -1.5 * half}, {0, 0}}) ==
        std::vector<double>{half, -half});
}

}  // namespace
}  // namespace byzsim::mean_of_test
