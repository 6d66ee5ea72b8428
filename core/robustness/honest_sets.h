// How far the output of an aggregation is from the mean of the honest vectors, beside how far these
// are apart, for the worst choice of who is honest: any n - f of the n vectors may be.
//
//   kappa   |output - mean of S|^2 / (1/|S| sum over S of |x_i - mean of S|^2), the coefficient of
//           (f, kappa)-robust averaging, Allouah et al., AISTATS 2023, arXiv 2302.01772
//   lambda  |output - mean of S| / (largest |x_i - x_j| within S), the coefficient of
//           (f, lambda)-resilient averaging, Farhadkhani et al., ICML 2022, arXiv 2205.12173
//
// A rule's coefficient is the supremum over all inputs; a value here is that of one input, and so a
// lower bound of it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/input/words.h"
#include "core/robustness/input_vectors.h"

namespace byzsim {

/// Which of the two ratios.
enum class Coefficient { kappa, lambda };
template <>
struct Words<Coefficient> {
  static constexpr std::array<const char*, 2> all = {"kappa", "lambda"};
};

/// The honest set for which a ratio is largest.
struct WorstHonestSet {
  double value = 0;                  ///< of the ratio; infinite where equal vectors are missed
  std::vector<std::size_t> outside;  ///< the f vectors that are not in the set, ascending
};

/// What is left out of the distance between output and mean, as a share of the largest norm of an
/// input, so that no rounding poses as an error: the ratio stays a lower bound.
template <class Real>
inline constexpr double kRoundingShare = 1e-12;
template <>
inline constexpr double kRoundingShare<float> = 1e-6;

/// The most vectors, and the most honest sets, that are looked at.
inline constexpr std::int64_t kMostInputVectors = 64;
inline constexpr std::int64_t kMostHonestSets = 1'000'000;

/// C(n, f), or kMostHonestSets + 1 where there are more.
std::int64_t honest_sets(std::int64_t n, std::int64_t f);

/// Over all honest sets of n - f inputs. An output without numbers, of inputs that are finite, has
/// an infinite ratio and any honest set. 0 <= f < n, at most kMostInputVectors inputs and
/// kMostHonestSets sets. In time C(n, f) f.
WorstHonestSet worst_honest_set(const InputVectors& inputs, std::span<const double> output, int f,
                                Coefficient coefficient, double rounding_share);

}  // namespace byzsim
