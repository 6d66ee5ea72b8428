// Rules that score the vectors and average the best of them share this.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/rules/rule.h"

namespace byzsim {

/// The `count` vectors of least score, best first, from the indices `among`. Ties go to the lowest
/// index. Among infinite scores finite vectors come first: squares of huge doubles overflow, and a
/// non-finite vector may be at distance 0 from itself. Scores are not NaN.
template <class Real>
std::vector<std::size_t> least_scored(const RuleInput<Real>& input, std::span<const double> scores,
                                      std::vector<std::size_t> among, std::size_t count);

/// The same from all vectors.
template <class Real>
std::vector<std::size_t> least_scored(const RuleInput<Real>& input, std::span<const double> scores,
                                      std::size_t count);

/// `count` vectors, finite ones first, where no score can tell.
template <class Real>
std::vector<std::size_t> finite_first(const RuleInput<Real>& input, std::size_t count);
/// n - f of them, at least one.
template <class Real>
std::vector<std::size_t> finite_first(const RuleInput<Real>& input);

/// out = the mean of the selected vectors, summed in the order given.
template <class Real>
void mean_of_selected(const RuleInput<Real>& input, std::span<const std::size_t> selected,
                      Real* out);

}  // namespace byzsim
