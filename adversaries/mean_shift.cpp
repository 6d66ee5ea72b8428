#include "adversaries/mean_shift.h"

#include <algorithm>
#include <cmath>

#include "adversaries/honest_statistics.h"
#include "core/kernels/distances.h"

namespace byzsim {
namespace {

std::vector<double> normalized(std::vector<double> vector) {
  double squares = 0;
  for (const double value : vector) squares += value * value;
  const double length = std::sqrt(squares);
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

// |mean + size * direction - h|^2 = from_mean - 2 * size * along + size^2 * |direction|^2, whose
// parts one pass over the vectors gives for every size.
struct DistancePolynomial {
  double from_mean = 0;  // |h - mean|^2
  double along = 0;      // <h - mean, direction>
};

template <class Real>
DistancePolynomial polynomial_of(const Real* vector, const std::vector<double>& mean,
                                 const std::vector<double>& direction) {
  DistancePolynomial parts;
  for (std::size_t c = 0; c < mean.size(); ++c) {
    const double difference = static_cast<double>(vector[c]) - mean[c];
    parts.from_mean += difference * difference;
    parts.along += difference * direction[c];
  }
  return parts;
}

}  // namespace

double largest_accepted(const std::function<bool(double)>& accepted) {
  double size = 0;
  for (double step = 10; step > 1e-5; step /= 2)
    if (accepted(size + step)) size += step;
  return size;
}

template <class Real>
std::vector<Real> shifted_mean(const AttackInput<Real>& input, SpreadMeasure measure) {
  std::vector<double> said = honest_mean(input);
  const std::vector<double> direction = direction_of(input, said);
  std::vector<DistancePolynomial> parts;
  for (const Real* vector : known_vectors(input))
    parts.push_back(polynomial_of(vector, said, direction));
  double squared_length = 0;
  for (const double value : direction) squared_length += value * value;

  const double bound = honest_spread(input, measure);
  const double size = largest_accepted([&](double tried) {
    std::vector<double> squared;
    for (const DistancePolynomial& each : parts)
      squared.push_back(each.from_mean - 2 * tried * each.along + tried * tried * squared_length);
    return folded(squared, measure) <= bound;  // never where either is NaN
  });
  for (std::size_t c = 0; c < said.size(); ++c) said[c] += size * direction[c];
  return rounded<Real>(said);
}

Parameter direction_parameter() {
  return word("direction", {"std", "sign", "mean"},
              "against which the mean is shifted: the deviation, the sign of the mean or the mean "
              "at length 1");
}

template std::vector<float> shifted_mean(const AttackInput<float>&, SpreadMeasure);
template std::vector<double> shifted_mean(const AttackInput<double>&, SpreadMeasure);

}  // namespace byzsim
