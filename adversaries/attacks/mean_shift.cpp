#include "adversaries/attacks/mean_shift.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "adversaries/attacks/honest_statistics.h"
#include "core/check.h"
#include "core/kernels/distances.h"

namespace byzsim {
namespace {

std::vector<double> normalized(std::vector<double> vector) {
  double squares = 0;
  for (const double value : vector) squares += value * value;
  const double length = std::sqrt(squares);
  // A mean of zero has no direction: nothing is shifted.
  for (double& value : vector) value = length > 0 ? value / length : 0.0;
  return vector;
}

template <class Real>
std::vector<double> direction_of(const AttackInput<Real>& input, const std::vector<double>& mean) {
  const std::string& word = input.parameters.word("direction");
  std::vector<double> direction = word == "std"    ? honest_deviation(input, mean, 1)
                                  : word == "sign" ? signs_of(mean)
                                                   : normalized(mean);
  for (double& value : direction) value = -value;
  return direction;
}

double folded(const std::vector<double>& squared_distances, SpreadMeasure measure) {
  double most = 0, sum = 0;
  for (const double each : squared_distances) {
    if (each > most || std::isnan(each)) most = each;  // a NaN stays
    sum += each;
  }
  return measure == SpreadMeasure::largest ? most : sum;
}

// The largest measure of an honest vector.
template <class Real>
double honest_spread(const AttackInput<Real>& input, SpreadMeasure measure) {
  const std::vector<const Real*> known = known_vectors(input);
  const DistanceMatrix squared = squared_distances<Real>(known, input.dimension(), input.executor);
  double most = 0;
  for (std::size_t i = 0; i < squared.n(); ++i) {
    std::vector<double> to_others;
    for (std::size_t j = 0; j < squared.n(); ++j) to_others.push_back(squared(i, j));
    most = std::max(most, folded(to_others, measure));
  }
  return most;
}

// |mean + size * direction - h|^2 = from_mean - 2 size * along + size^2 * squared_length; or the
// sum of several such.
struct DistancePolynomial {
  double from_mean = 0;       // |h - mean|^2
  double along = 0;           // <h - mean, direction>
  double squared_length = 0;  // |direction|^2

  // The size from which on it exceeds the bound, which holds at 0: the larger root, without
  // cancellation. 0 where there is none to find: no direction, or numbers that are not finite.
  double largest_size(double bound) const {
    // Exactly it is never negative: the mean lies within the bound. Rounding may say otherwise.
    const double room = std::max(0.0, bound - from_mean);
    const double root = std::sqrt(along * along + squared_length * room);
    // Of the two forms of the root the one whose terms have equal signs.
    const double size = along > 0 ? (along + root) / squared_length : room / (root - along);
    return std::isfinite(size) ? size : 0.0;
  }
};

template <class Real>
DistancePolynomial polynomial_of(const Real* vector, const std::vector<double>& mean,
                                 const std::vector<double>& direction) {
  BYZ_CHECK(mean.size() == direction.size(), "a mean is shifted in its own space");
  DistancePolynomial parts;
  for (std::size_t c = 0; c < mean.size(); ++c) {
    const double difference = static_cast<double>(vector[c]) - mean[c];
    parts.from_mean += difference * difference;
    parts.along += difference * direction[c];
    parts.squared_length += direction[c] * direction[c];
  }
  return parts;
}

// The largest size at which no distance, or not their sum, exceeds the bound.
double largest_size(const std::vector<DistancePolynomial>& parts, SpreadMeasure measure,
                    double bound) {
  if (measure == SpreadMeasure::sum_of_squares) {
    DistancePolynomial sum;
    for (const DistancePolynomial& each : parts) {
      sum.from_mean += each.from_mean;
      sum.along += each.along;
      sum.squared_length += each.squared_length;
    }
    return sum.largest_size(bound);
  }
  // The first vector whose bound is met ends the shift for all.
  double least = std::numeric_limits<double>::infinity();
  for (const DistancePolynomial& each : parts) least = std::min(least, each.largest_size(bound));
  return least;
}

}  // namespace

template <class Real>
std::vector<Real> shifted_mean(const AttackInput<Real>& input, SpreadMeasure measure) {
  std::vector<double> forged = honest_mean(input);
  const std::vector<double> direction = direction_of(input, forged);
  std::vector<DistancePolynomial> parts;
  for (const Real* vector : known_vectors(input))
    parts.push_back(polynomial_of(vector, forged, direction));
  const double size = largest_size(parts, measure, honest_spread(input, measure));
  BYZ_CHECK(std::isfinite(size) && size >= 0, "a mean is shifted by a finite size");
  for (std::size_t c = 0; c < forged.size(); ++c) forged[c] += size * direction[c];
  return rounded<Real>(forged);
}

Parameter direction_parameter() {
  return word("direction", {"std", "sign", "mean"},
              "direction against which the mean is shifted: the standard deviation, the sign of "
              "the mean or the mean scaled to norm 1");
}

template std::vector<float> shifted_mean(const AttackInput<float>&, SpreadMeasure);
template std::vector<double> shifted_mean(const AttackInput<double>&, SpreadMeasure);

}  // namespace byzsim
