// The search of the attacks that know the receiver's aggregation: along a line, the point that
// moves the aggregate farthest from the mean of the honest vectors (after Shejwalkar and
// Houmansadr, NDSS 2021, with the search of ByzFL).
//
// The draws of the receiver lie ahead: a rule that draws is searched with draws of the attacker's
// own.
#pragma once

#include <functional>
#include <vector>

#include "adversaries/attacks/attack.h"

namespace byzsim {

/// ByzFL's search, which may miss the largest value: it grows x from `start` by `delta`, which
/// doubles, until the objective no longer grows; then it adds ever smaller steps where they help.
struct LineSearch {
  std::int64_t evaluations;  ///< of the objective, the first at `start` included
  double start;
  double delta;  ///< the first step
  double ratio;  ///< each later step is this times the one before
};

/// The best x that the search meets; `start` unless another is strictly better. An objective that
/// is not finite counts as -infinity: such a result would give the attacker away, and NaN has no
/// order.
double maximize(const LineSearch& search, const std::function<double(double)>& objective);

/// The points origin + x * direction, in double; both have one dimension.
struct Line {
  std::vector<double> origin;
  std::vector<double> direction;
  std::vector<double> at(double x) const;
};

/// The vectors that the receiver is assumed to aggregate: the honest ones known (or the attacker's
/// own), then `f` copies of `candidate`.
template <class Real>
std::vector<const Real*> attacked(const AttackInput<Real>& input,
                                  const std::vector<Real>& candidate);

/// The point of the line that the search finds to lead the defence farthest from `mean`. Against an
/// unknown defence, and one that so few vectors cannot be given to, it is the average.
template <class Real>
std::vector<Real> most_damaging(const AttackInput<Real>& input, const std::vector<double>& mean,
                                const Line& line);

/// The parameters evaluations, start, delta and ratio of such an attack, which choose between the
/// scan (factor_scan.h) and the line search.
std::vector<Parameter> line_search_parameters();

}  // namespace byzsim
