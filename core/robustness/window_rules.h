// Rules that average, on a line, n - f consecutive values of the sorted ones: Meamed and Phocas,
// those nearest to a centre, and MDA, those nearest to each other. Which window they take is
// decided by linear inequalities between the values, so that kappa is a maximum over finitely many
// cones of a linear function squared over a quadratic form (docs/robustness.md).
//
// On a cone the maximum is 1/r - 1, where r is the squared distance of (0, ..., 0, 1) from the cone
// that its rays make of (honest values around their mean, output minus that mean). The nearest
// point is a lower bound, with values that attain it; the rest of the fit is a dual solution, and
// so an upper bound.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/pre_aggregators/aggregation.h"

namespace byzsim {

/// kappa on a line is in [low, high]; both are computed in double.
struct BracketedKappa {
  double low;
  double high;
  std::vector<double>
      values;  ///< ascending; their ratio is `low`, at ties as from their worst side
};

/// Nothing for other rules, with pre-aggregators, for f = 0, and where there are more than 150,000
/// honest sets and windows. The same kappa holds for every dimension where the rule is
/// coordinate-wise.
std::optional<BracketedKappa> window_kappa(const Aggregation& aggregation, std::size_t n);

}  // namespace byzsim
