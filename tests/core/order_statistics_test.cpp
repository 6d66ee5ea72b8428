#include "core/kernels/order_statistics.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/exact/random.h"
#include "tests/catch.h"
#include "tests/core/order_statistics_rows.h"

namespace byzsim::order_statistics_test {
namespace {

template <class Real>
std::vector<Real> median_of(const Rows<Real>& rows, Middle middle) {
  std::vector<Real> out(rows[0].size());
  coordinatewise_median<Real>(pointers_to(rows), 0, out.size(), middle, out.data());
  return out;
}

template <class Real>
Real median_of_column(const std::vector<Real>& column, Middle middle) {
  return median_of(as_rows(column), middle)[0];
}

// The definition, with std::sort: NaN counts as +infinity, -0 stands before +0.
template <class Real>
Real sorted_median(std::vector<Real> column, Middle middle) {
  for (Real& value : column)
    if (std::isnan(value)) value = kInfinity<Real>;
  std::sort(column.begin(), column.end(), [](Real a, Real b) {
    return a < b || (a == b && std::signbit(a) && !std::signbit(b));
  });
  const Real low = column[(column.size() - 1) / 2], high = column[column.size() / 2];
  if (middle == Middle::lower || column.size() % 2 == 1) return low;
  if (middle == Middle::upper) return high;
  return static_cast<Real>((static_cast<double>(low) + static_cast<double>(high)) / 2);
}

template <class Real>
bool same_bits(Real a, Real b) {
  using Bits = std::conditional_t<sizeof(Real) == 4, std::uint32_t, std::uint64_t>;
  return std::bit_cast<Bits>(a) == std::bit_cast<Bits>(b) || (std::isnan(a) && std::isnan(b));
}

// Few different values, so that ties are common; one in eight is special.
template <class Real>
Real random_value(Stream& stream) {
  const Real special[] = {kNan<Real>, -kNan<Real>, kInfinity<Real>, -kInfinity<Real>,
                          Real{0},    -Real{0},    Real{1e-40},     Real{-1e-40}};
  if (stream.below(8) == 0) return special[stream.below(8)];
  return static_cast<Real>(static_cast<double>(stream.below(15)) - 7.0) / 4;
}

template <class Real>
int count_differences(std::size_t n, Middle middle) {
  constexpr std::size_t kDimension = 301;  // several blocks and a rest
  Stream stream(1, Purpose::attack, n, static_cast<std::uint64_t>(middle));
  Rows<Real> rows(n, std::vector<Real>(kDimension));
  for (auto& row : rows)
    for (Real& value : row) value = random_value<Real>(stream);
  const std::vector<Real> medians = median_of(rows, middle);
  int differences = 0;
  for (std::size_t c = 0; c < kDimension; ++c)
    differences += !same_bits(medians[c], sorted_median(column_of(rows, c), middle));
  return differences;
}

TEST_CASE("The median is the one that sorting gives, for 1 to 70 vectors", "[order_statistics]") {
  for (std::size_t n = 1; n <= 70; ++n) {
    for (const Middle middle : {Middle::mean, Middle::lower, Middle::upper}) {
      CAPTURE(n, static_cast<int>(middle));
      CHECK(count_differences<float>(n, middle) == 0);
      CHECK(count_differences<double>(n, middle) == 0);
    }
  }
}

TEST_CASE("The median of 1024 vectors is the one that sorting gives", "[order_statistics]") {
  CHECK(count_differences<float>(1024, Middle::mean) == 0);
  CHECK(count_differences<float>(1023, Middle::mean) == 0);
}

TEST_CASE("The median of 5000 vectors is the one that sorting gives", "[order_statistics]") {
  for (const Middle middle : {Middle::mean, Middle::lower, Middle::upper}) {
    CHECK(count_differences<float>(5000, middle) == 0);
    CHECK(count_differences<double>(4999, middle) == 0);
  }
}

TEST_CASE("An even count takes the mean, the lower or the upper middle value",
          "[order_statistics]") {
  const std::vector<float> column = {8, 1, 4, 2};  // sorted: 1 2 4 8
  CHECK(median_of_column(column, Middle::mean) == 3.0f);
  CHECK(median_of_column(column, Middle::lower) == 2.0f);
  CHECK(median_of_column(column, Middle::upper) == 4.0f);
}

TEST_CASE("A NaN of either sign counts as +infinity", "[order_statistics]") {
  CHECK(median_of_column<float>({kNan<float>, 1, -kNan<float>, 2, 3}, Middle::mean) == 3.0f);
  CHECK(median_of_column<float>({-kNan<float>, 1, 2}, Middle::mean) == 2.0f);
}

TEST_CASE("The median of one vector is that vector with NaN as +infinity", "[order_statistics]") {
  const std::vector<float> median =
      median_of<float>({{-2.5f, -0.0f, kNan<float>, -kInfinity<float>}}, Middle::mean);
  CHECK(median[0] == -2.5f);
  CHECK(std::signbit(median[1]));
  CHECK(median[2] == kInfinity<float>);
  CHECK(median[3] == -kInfinity<float>);
}

TEST_CASE("Negative zero stands before positive zero", "[order_statistics]") {
  CHECK(std::signbit(median_of_column<float>({0.0f, -0.0f}, Middle::lower)));
  CHECK_FALSE(std::signbit(median_of_column<float>({0.0f, -0.0f}, Middle::upper)));
}

TEST_CASE("The mean of the middle values of huge numbers does not overflow", "[order_statistics]") {
  const float large = std::numeric_limits<float>::max();
  CHECK(median_of_column<float>({large, large}, Middle::mean) == large);
  const std::vector<float> eight(8, large);  // as many as the kernels take at once
  CHECK(median_of<float>({eight, eight}, Middle::mean) == eight);
  const double larger = std::numeric_limits<double>::max();
  CHECK(median_of_column<double>({larger, larger}, Middle::mean) == larger);
  CHECK(median_of_column<double>({larger, -larger}, Middle::mean) == 0.0);
}

TEST_CASE("The mean of the middle values of denormal numbers is exact", "[order_statistics]") {
  const double least = std::numeric_limits<double>::denorm_min();
  CHECK(median_of_column<double>({3 * least, 5 * least}, Middle::mean) == 4 * least);
}

TEST_CASE("Only the asked range of coordinates is written", "[order_statistics]") {
  const std::vector<float> a = {1, 2, 3, 4};
  const float* vectors[] = {a.data()};
  std::vector<float> out(4, -1.0f);
  coordinatewise_median<float>(vectors, 1, 3, Middle::mean, out.data());
  CHECK(out == std::vector<float>{-1, 2, 3, -1});
}

}  // namespace
}  // namespace byzsim::order_statistics_test
