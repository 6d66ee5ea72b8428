// The lines between which a rule is linear in the values that a node is sent, on a line of values:
// where one of its comparisons is a tie (graph_contraction.h lists them).
#pragma once

#include <optional>
#include <vector>

#include "core/input/issue.h"
#include "core/input/parameters.h"
#include "sim/gather/linear_pieces.h"

namespace byzsim {

/// What the rule is given: finite values relative to the own one, each fixed or a number that is to
/// be chosen.
struct LineInput {
  const std::vector<Affine>& values;
  const std::vector<double>& weights;  ///< of the same
  std::size_t own;                     ///< the index of the own one
  int f;
};

/// What keeps a rule from having lines, at a place below the choice of the rule; nothing when it
/// has them.
std::optional<Issue> problem_of_lines(const Choice& rule);

/// The radius of a rule that clips to a fixed one; nothing for others and for one without bound.
std::optional<double> clipping_radius(const Choice& rule);

/// The lines; more than the rule needs, perhaps. problem_of_lines() reports nothing.
std::vector<Affine> lines_of(const Choice& rule, const LineInput& input);

}  // namespace byzsim
