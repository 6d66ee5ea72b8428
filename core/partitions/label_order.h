// What the partitions by label share: sorting examples by label, and cutting an order into pieces.
#pragma once

#include <span>

#include "core/partitions/partition.h"

namespace byzsim {

/// Sorts the examples by (label, index).
void sort_by_label(const Dataset& dataset, std::span<std::uint32_t> examples);

/// Cuts the order into one contiguous piece a worker and appends each to the worker's share. Sizes
/// differ by at most one, the first pieces being larger (NumPy's array_split).
void append_equal_pieces(std::span<const std::uint32_t> order, Shares& shares);

}  // namespace byzsim
