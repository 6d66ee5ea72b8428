// Rules that are, in every coordinate, a weighted sum of the sorted values, and their coefficients,
// which are exact (docs/robustness.md has the proofs).
//
// Such a rule is largest, for given honest values, where every Byzantine one is above them; then it
// is a weighted sum of the honest values alone. Over ascending values y of mean 0 the largest
// <w, y>^2 / (mean of y^2) is h |projection of w - 1/h onto the ascending vectors|^2, and that
// projection is the isotonic regression of w. Since errors and variances of coordinates add up,
// kappa is the same for every dimension.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/pre_aggregators/aggregation.h"

namespace byzsim {

/// The weight of every sorted value, the least first, with the sum 1; nothing where the aggregation
/// is no such rule or has pre-aggregators.
std::optional<std::vector<double>> order_weights(const Aggregation& aggregation, std::size_t n);

/// The nearest ascending vector: every block of values that descend is replaced by its mean.
std::vector<double> isotonic(const std::vector<double>& values);

/// kappa of a rule with these weights, of every dimension; infinite where the f largest or the f
/// least values have a weight.
double exact_kappa(const std::vector<double>& weights, std::size_t f);

/// lambda of a rule with these weights and of dimension 1.
double exact_lambda(const std::vector<double>& weights, std::size_t f);

/// f / (n - 2f): no rule has a smaller kappa, in any dimension. n > 2f.
double least_kappa(std::size_t n, std::size_t f);

}  // namespace byzsim
