// Weiszfeld's smoothed iteration, of geometric_median and its weighted form.
#pragma once

#include <span>
#include <vector>

#include "core/rules/rule.h"

namespace byzsim {

/// The declared parameters `nu`, `iterations`, `start` and `tolerance`.
std::vector<Parameter> weiszfeld_parameters();

/// out = the last iterate: each is the mean of the vectors, by their counts over their distances to
/// the one before it (at least nu). Counts are above 0; a vector at an infinite distance has none.
template <class Real>
void weiszfeld(const RuleInput<Real>& input, std::span<const double> counts, Real* out);

/// Whether the parameters ask for the mean that the iteration starts from, and no more.
bool stays_at_plain_mean(const Parameters& parameters);

}  // namespace byzsim
