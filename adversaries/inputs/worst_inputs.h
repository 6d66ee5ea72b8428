// A search for the inputs of one aggregation for which its output is farthest from the mean of
// honest vectors, by one of the two coefficients of core/robustness/honest_sets.h. What is found is
// a lower bound of the coefficient, with the inputs as its witness; only order_weights.h and
// window_rules.h have coefficients themselves.
//
// Rules compute in double here, on inputs that are floats, so that a difference is the rule's and
// not its rounding. The result is a pure function of the task, whatever the number of threads.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/robustness/honest_sets.h"

namespace byzsim {

/// Which part of the search has found inputs.
enum class Finder {
  grid,   ///< all multisets of small integers on a line
  fewer,  ///< the worst inputs in fewer dimensions, the other coordinates 0
  drawn,  ///< inputs of several shapes (input_shapes.h)
  climb   ///< random changes of the worst of both, kept where they are no better
};
template <>
struct Words<Finder> {
  static constexpr std::array<const char*, 4> all = {"grid", "fewer", "drawn", "climb"};
};

/// What is searched.
struct WorstInputsTask {
  const Aggregation& aggregation;  ///< broken_condition() has nothing against n vectors
  std::size_t n;
  std::size_t dimension;
  Coefficient coefficient;
  std::int64_t evaluations;  ///< at most that many aggregations; at least 1
  std::uint64_t seed;
  const Executor& executor;
  /// Inputs of a smaller dimension to begin with instead of a search on a line; null: none are
  /// known.
  const InputVectors* in_fewer_dimensions = nullptr;
};

/// The worst that was found; the earliest of equals.
struct WorstInputs {
  InputVectors inputs;
  WorstHonestSet worst;
  Finder finder = Finder::grid;
  std::int64_t evaluations = 0;  ///< made: fewer than allowed where the ratio is infinite
  std::int64_t grid_width = 0;   ///< the integers of the grid were those of [-width, width]
};

/// On a line a quarter of the evaluations for the grid, a quarter for drawn inputs, the rest for
/// climbs. In more dimensions a third for a search on a line instead of the grid, unless inputs of
/// a smaller dimension are given.
WorstInputs worst_inputs(const WorstInputsTask& task);

/// The ratio of these inputs, computed as the search does.
WorstHonestSet ratio_of(const WorstInputsTask& task, const InputVectors& inputs,
                        const Executor& executor);

}  // namespace byzsim
