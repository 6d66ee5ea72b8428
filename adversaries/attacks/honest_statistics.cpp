#include "adversaries/attacks/honest_statistics.h"

#include <cmath>

#include "core/check.h"

namespace byzsim {

template <class Real>
std::vector<double> honest_mean(const AttackInput<Real>& input) {
  if (input.honest.empty()) return {input.own.begin(), input.own.end()};
  std::vector<double> mean(input.dimension(), 0.0);
  for (const Real* vector : input.honest)
    for (std::size_t c = 0; c < mean.size(); ++c) mean[c] += static_cast<double>(vector[c]);
  for (double& value : mean) value /= static_cast<double>(input.honest.size());
  return mean;
}

template <class Real>
std::vector<double> honest_deviation(const AttackInput<Real>& input,
                                     const std::vector<double>& mean, int ddof) {
  BYZ_CHECK(mean.size() == input.dimension(), "a deviation is from a mean of the same vectors");
  BYZ_CHECK(ddof >= 0, "degrees of freedom are subtracted");
  std::vector<double> deviation(input.dimension(), 0.0);
  const double degrees = static_cast<double>(input.honest.size()) - ddof;
  if (degrees <= 0) return deviation;
  for (const Real* vector : input.honest) {
    for (std::size_t c = 0; c < deviation.size(); ++c) {
      // Around the mean, in a second pass: the mean of squares minus the squared mean would cancel.
      const double difference = static_cast<double>(vector[c]) - mean[c];
      deviation[c] += difference * difference;
    }
  }
  for (double& value : deviation) value = std::sqrt(value / degrees);
  return deviation;
}

std::vector<double> signs_of(const std::vector<double>& values) {
  std::vector<double> signs;
  for (const double value : values) signs.push_back(value > 0 ? 1.0 : value < 0 ? -1.0 : 0.0);
  return signs;
}

template std::vector<double> honest_mean(const AttackInput<float>&);
template std::vector<double> honest_mean(const AttackInput<double>&);
template std::vector<double> honest_deviation(const AttackInput<float>&, const std::vector<double>&,
                                              int);
template std::vector<double> honest_deviation(const AttackInput<double>&,
                                              const std::vector<double>&, int);

}  // namespace byzsim
