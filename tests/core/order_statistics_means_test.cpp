#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <variant>
#include <vector>

#include "core/exact/random.h"
#include "core/machine/shards.h"
#include "tests/catch.h"
#include "tests/core/order_statistics_rows.h"

namespace byzsim::order_statistics_means_test {
namespace {

template <class Real>
std::vector<Real> trimmed_mean_of(const Rows<Real>& rows, std::size_t trim) {
  std::vector<Real> out(rows[0].size());
  coordinatewise_trimmed_mean<Real>(pointers_to(rows), 0, out.size(), trim, out.data());
  return out;
}

template <class Real>
std::vector<Real> mean_nearest_of(const Rows<Real>& rows, std::size_t count, Centre centre) {
  std::vector<Real> out(rows[0].size());
  coordinatewise_mean_nearest<Real>(pointers_to(rows), 0, out.size(), count, centre, out.data());
  return out;
}

float meamed(const std::vector<float>& column, std::size_t f, Middle middle = Middle::mean) {
  return mean_nearest_of(as_rows(column), column.size() - f, MedianCentre{middle})[0];
}

// --- the definitions, plainly

template <class Real>
std::vector<double> sorted(const std::vector<Real>& column) {
  std::vector<double> values;
  for (const Real value : column)
    values.push_back(std::isnan(value) ? kInfinity<double> : static_cast<double>(value));
  std::sort(values.begin(), values.end());
  return values;
}

double mean_between(const std::vector<double>& values, std::size_t begin, std::size_t end) {
  double sum = 0;
  for (std::size_t i = begin; i < end; ++i) sum += values[i];
  return sum / static_cast<double>(end - begin);
}

template <class Real>
double plain_trimmed_mean(const std::vector<Real>& column, std::size_t trim) {
  return mean_between(sorted(column), trim, column.size() - trim);
}

double plain_centre(const std::vector<double>& values, const Centre& centre) {
  const std::size_t n = values.size();
  if (const auto* trimmed = std::get_if<TrimmedMeanCentre>(&centre))
    return mean_between(values, trimmed->trim, n - trimmed->trim);
  const double low = values[(n - 1) / 2], high = values[n / 2];
  switch (std::get<MedianCentre>(centre).middle) {
    case Middle::lower:
      return low;
    case Middle::upper:
      return high;
    default:
      return (low + high) / 2;
  }
}

template <class Real>
double plain_mean_nearest(const std::vector<Real>& column, std::size_t count, Centre kind) {
  std::vector<double> values = sorted(column);
  const double centre = plain_centre(values, kind);
  // Infinities last; a centre at infinity is nearest to the values on its side.
  const auto farness = [&](double value) {
    if (!std::isfinite(value)) return kInfinity<double>;
    if (std::isfinite(centre)) return std::fabs(value - centre);
    return centre == -kInfinity<double> ? 1000 + value : 1000 - value;
  };
  std::stable_sort(values.begin(), values.end(),
                   [&](double a, double b) { return farness(a) < farness(b); });
  values.resize(count);
  std::sort(values.begin(), values.end());
  return mean_between(values, 0, count);
}

// --- random columns

// Few different values, so that ties are common; one in eight is special.
template <class Real>
Rows<Real> random_rows(std::size_t n, std::size_t dimension, bool with_special) {
  const Real special[] = {kNan<Real>, -kNan<Real>, kInfinity<Real>, -kInfinity<Real>};
  Stream stream(6, Purpose::attack, n, dimension);
  Rows<Real> rows(n, std::vector<Real>(dimension));
  for (auto& row : rows)
    for (Real& value : row) {
      value = static_cast<Real>(static_cast<double>(stream.below(31)) - 15.0) / 4;
      if (with_special && stream.below(8) == 0) value = special[stream.below(4)];
    }
  return rows;
}

// Equal, both NaN, or neighbouring floats.
template <class Real>
bool agrees(Real found, double expected) {
  if (std::isnan(found) || std::isnan(expected)) return std::isnan(found) && std::isnan(expected);
  const Real rounded = static_cast<Real>(expected);
  return found == rounded || std::nextafter(rounded, kInfinity<Real>) == found ||
         std::nextafter(rounded, -kInfinity<Real>) == found;
}

template <class Real, class Plain>
int count_differences(const Rows<Real>& rows, const std::vector<Real>& found, const Plain& plain) {
  int differences = 0;
  for (std::size_t c = 0; c < found.size(); ++c)
    differences += !agrees(found[c], plain(column_of(rows, c)));
  return differences;
}

template <class Real>
void check_trimmed_means(std::size_t n) {
  for (const bool with_special : {false, true}) {
    const Rows<Real> rows = random_rows<Real>(n, 149, with_special);
    for (const std::size_t trim : {std::size_t{0}, n / 5, n / 3, (n - 1) / 2}) {
      CAPTURE(n, trim, with_special);
      CHECK(count_differences(rows, trimmed_mean_of(rows, trim), [&](const auto& column) {
              return plain_trimmed_mean(column, trim);
            }) == 0);
    }
  }
}

template <class Real>
void check_means_nearest(std::size_t n) {
  const Centre centres[] = {MedianCentre{Middle::mean}, MedianCentre{Middle::lower},
                            MedianCentre{Middle::upper}, TrimmedMeanCentre{(n - 1) / 3}};
  for (const bool with_special : {false, true}) {
    const Rows<Real> rows = random_rows<Real>(n, 83, with_special);
    for (const Centre& centre : centres)
      for (const std::size_t count : {std::size_t{1}, (n + 2) / 3, n - n / 3, n}) {
        // Whether a centre that is rounded lies half-way between two values is left open.
        if (std::holds_alternative<TrimmedMeanCentre>(centre) && (n - 2 * ((n - 1) / 3)) % 3 == 0)
          continue;
        CAPTURE(n, count, with_special, centre.index());
        CHECK(count_differences(rows, mean_nearest_of(rows, count, centre), [&](const auto& c) {
                return plain_mean_nearest(c, count, centre);
              }) == 0);
      }
  }
}

TEST_CASE("The trimmed mean is the one that sorting gives, for 1 to 70 vectors",
          "[order_statistics]") {
  for (std::size_t n = 1; n <= 70; ++n) check_trimmed_means<float>(n);
  for (const std::size_t n : {1UL, 2UL, 5UL, 11UL, 64UL, 65UL}) check_trimmed_means<double>(n);
}

TEST_CASE("The mean of the nearest is the one that the definition gives, for 1 to 70 vectors",
          "[order_statistics]") {
  for (std::size_t n = 1; n <= 70; ++n) check_means_nearest<float>(n);
  for (const std::size_t n : {1UL, 2UL, 5UL, 11UL, 64UL, 65UL}) check_means_nearest<double>(n);
}

TEST_CASE("The trimmed mean keeps its digits beside huge values", "[order_statistics]") {
  CHECK(trimmed_mean_of(as_rows<float>({1, 3e38f, 2, -3e38f, 4.5f}), 1)[0] == 2.5f);
}

TEST_CASE("Trimming nothing gives the mean and trimming to one value the median",
          "[order_statistics]") {
  CHECK(trimmed_mean_of(as_rows<float>({4, 0, 5}), 0)[0] == 3.0f);
  CHECK(trimmed_mean_of(as_rows<float>({4, 0, 5}), 1)[0] == 4.0f);
  CHECK(std::signbit(trimmed_mean_of(as_rows<float>({0.0f, -0.0f, -1.0f}), 1)[0]));
}

TEST_CASE("The lower of two equally far values is nearer", "[order_statistics]") {
  CHECK(meamed({0, 1, 2}, 1) == 0.5f);
  CHECK(meamed({2, 1, 0}, 1) == 0.5f);
}

TEST_CASE("The middle of an even count decides which values are near", "[order_statistics]") {
  CHECK(meamed({0, 1, 2, 4}, 2, Middle::lower) == 0.5f);  // centre 1: 0 before 2
  CHECK(meamed({0, 1, 2, 4}, 2, Middle::mean) == 1.5f);
  CHECK(meamed({0, 1, 3, 4}, 1, Middle::upper) == Approx(8.0 / 3));  // centre 3: not the 0
}

TEST_CASE("The median of an odd number is one of them, also among the smallest doubles",
          "[order_statistics]") {
  // Half of u + half of u, each rounded, would be 0, as far from -u.
  const double u = std::numeric_limits<double>::denorm_min();
  CHECK(mean_nearest_of(as_rows<double>({-u, u, 2 * u}), 1, MedianCentre{})[0] == u);
}

TEST_CASE("Non-finite values are never near while enough finite ones exist", "[order_statistics]") {
  const float inf = kInfinity<float>;
  CHECK(meamed({-inf, 1, 2, inf, kNan<float>}, 2) == -inf);  // only two are finite
  CHECK(meamed({-inf, 1, 2, 3, kNan<float>}, 2) == 2.0f);
  CHECK(mean_nearest_of(as_rows<float>({-inf, -inf, -inf, 1, 2}), 2, MedianCentre{})[0] == 1.5f);
  CHECK(mean_nearest_of(as_rows<float>({-inf, -inf, 7, inf, inf}), 1, TrimmedMeanCentre{1})[0] ==
        7.0f);
}

TEST_CASE("Means of huge doubles do not overflow", "[order_statistics]") {
  const double large = std::numeric_limits<double>::max();
  const std::vector<double> column = {large, 1, large, large, -large};
  CHECK(trimmed_mean_of(as_rows(column), 1)[0] == Approx(large / 3 * 2).epsilon(1e-12));
  CHECK(mean_nearest_of(as_rows(column), 3, TrimmedMeanCentre{1})[0] == large);
  CHECK(mean_nearest_of(as_rows<double>({large, large, large, large}), 4,
                        MedianCentre{Middle::mean})[0] == large);
}

TEST_CASE("Blocks of any cut give the same bits", "[order_statistics]") {
  const Rows<float> rows = random_rows<float>(11, kShardSize + 77, true);
  const auto pointers = pointers_to(rows);
  const std::vector<float> whole = mean_nearest_of(rows, 7, MedianCentre{});
  std::vector<float> cut(whole.size());
  for (const auto& [begin, end] : {std::pair{0UL, 13UL},
                                   {13UL, 14UL},
                                   {14UL, 5000UL},
                                   {5000UL, 5000UL},
                                   {5000UL, kShardSize + 77}})
    coordinatewise_mean_nearest<float>(pointers, begin, end, 7, MedianCentre{}, cut.data());
  int differences = 0;
  for (std::size_t c = 0; c < cut.size(); ++c)
    differences += std::bit_cast<std::uint32_t>(cut[c]) != std::bit_cast<std::uint32_t>(whole[c]);
  CHECK(differences == 0);
}

TEST_CASE("Any order of the vectors gives the same bits", "[order_statistics]") {
  Rows<float> rows = random_rows<float>(13, 100, true);
  for (float& value : rows[4]) value *= 1.1f;
  const auto all_bits = [&] {
    std::vector<std::uint32_t> bits;
    for (const auto& values : {trimmed_mean_of(rows, 3), mean_nearest_of(rows, 9, MedianCentre{}),
                               mean_nearest_of(rows, 9, TrimmedMeanCentre{4})})
      for (const float value : values) bits.push_back(std::bit_cast<std::uint32_t>(value));
    return bits;
  };
  const auto before = all_bits();
  std::reverse(rows.begin(), rows.end());
  CHECK(all_bits() == before);
  std::rotate(rows.begin(), rows.begin() + 5, rows.end());
  CHECK(all_bits() == before);
}

}  // namespace
}  // namespace byzsim::order_statistics_means_test
