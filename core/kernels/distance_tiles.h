// The share of one shard in all pairwise squared distances, in register tiles: two vectors against
// up to four others at once, so that a loaded coordinate serves several pairs.
#pragma once

#include <span>

#include "core/machine/shards.h"

namespace byzsim {

/// Writes the sums of squared differences of the pairs (0, 1), (0, 2), ..., (1, 2), ... over the
/// shard. Floats are subtracted and squared in float; 128 neighbouring
/// squares are added in float, in eight lanes and a fixed tree, and those sums in double. At most
/// 21 roundings meet in a square: the relative error is below 1.3e-6 at worst and about 1e-8 as a
/// rule. Squares that leave the range of float come out non-finite, or lose what lies below it.
/// A null pointer as the last vector stands for the zero vector.
template <class Real>
void tiled_squared_distances(std::span<const Real* const> vectors, Shard shard, double* sums);

/// The same of the pairs of a row and a column, written to sums[r * columns + k]: the bits of a
/// pair are those that it has above.
template <class Real>
void tiled_squared_distances_between(std::span<const Real* const> rows,
                                     std::span<const Real* const> columns, Shard shard,
                                     double* sums);

}  // namespace byzsim
