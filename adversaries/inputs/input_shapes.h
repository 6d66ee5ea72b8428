// Inputs of an aggregation to begin a search with: drawn ones of several shapes, and all multisets
// of a few integers on a line.
#pragma once

#include <cstdint>
#include <vector>

#include "core/exact/random.h"
#include "core/robustness/input_vectors.h"

namespace byzsim {

/// Vectors of one of these shapes, in any order, perhaps scaled and moved: clusters; honest vectors
/// and equal Byzantine ones some standard deviations away; vectors that are far; small integers;
/// one coordinate a vector; two values in every coordinate. 0 <= f < n, dimension >= 1.
InputVectors drawn_inputs(std::size_t n, std::size_t f, std::size_t dimension, Stream stream);

/// The largest k for which n ascending integers of [-k, k] number at most `most`; 0 where not even
/// those of [-1, 1] do.
std::int64_t grid_width(std::size_t n, std::int64_t most);

/// All of them but those of equal values, in lexicographic order, on a line that is the first
/// coordinate; the others are 0.
std::vector<InputVectors> grid_inputs(std::size_t n, std::size_t dimension, std::int64_t width);

}  // namespace byzsim
