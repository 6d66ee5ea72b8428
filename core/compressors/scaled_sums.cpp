#include "core/compressors/scaled_sums.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "core/machine/shards.h"

namespace byzsim {
namespace {

template <class Real, class Of>
std::vector<double> by_shards(std::span<const Real> vector, const Executor& executor,
                              const Of& of) {
  std::vector<double> parts(shard_count(vector.size()));
  for_each_shard(executor, vector.size(), [&](Shard shard, std::size_t index) {
    parts[index] = of(vector.subspan(shard.begin, shard.size()));
  });
  return parts;
}

template <class Real, class Term>
double sum_over(std::span<const Real> vector, const Executor& executor, const Term& term) {
  const auto parts = by_shards(vector, executor, [&](std::span<const Real> shard) {
    double sum = 0;
    for (const Real value : shard) sum += term(std::fabs(static_cast<double>(value)));
    return sum;
  });
  return std::accumulate(parts.begin(), parts.end(), 0.0);
}

}  // namespace

template <class Real>
double largest_magnitude(std::span<const Real> vector, const Executor& executor) {
  const auto parts = by_shards(vector, executor, [](std::span<const Real> shard) {
    double largest = 0;
    for (const Real value : shard) {
      const double magnitude = std::fabs(static_cast<double>(value));
      largest = std::isnan(magnitude) ? std::numeric_limits<double>::infinity()
                                      : std::max(largest, magnitude);
    }
    return largest;
  });
  return std::accumulate(parts.begin(), parts.end(), 0.0,
                         [](double a, double b) { return std::max(a, b); });
}

double safe_scale(double largest) {
  if (largest == 0 || (largest >= 0x1p-400 && largest <= 0x1p400)) return 1;
  int exponent = 0;
  std::frexp(largest, &exponent);
  return std::ldexp(1.0, -std::clamp(exponent, -1000, 1000));
}

template <class Real>
double sum_of_magnitudes(std::span<const Real> vector, double scale, const Executor& executor) {
  return sum_over(vector, executor, [scale](double magnitude) { return scale * magnitude; });
}

template <class Real>
double sum_of_squares(std::span<const Real> vector, double scale, const Executor& executor) {
  return sum_over(vector, executor,
                  [scale](double magnitude) { return (scale * magnitude) * (scale * magnitude); });
}

template <class Real>
Real limited_to(double value) {
  constexpr double kLargest = std::numeric_limits<Real>::max();
  return static_cast<Real>(std::clamp(value, -kLargest, kLargest));
}

#define BYZ_INSTANTIATE(Real)                                                        \
  template double largest_magnitude(std::span<const Real>, const Executor&);         \
  template double sum_of_magnitudes(std::span<const Real>, double, const Executor&); \
  template double sum_of_squares(std::span<const Real>, double, const Executor&);    \
  template Real limited_to(double);
BYZ_INSTANTIATE(float)
BYZ_INSTANTIATE(double)
#undef BYZ_INSTANTIATE

}  // namespace byzsim
