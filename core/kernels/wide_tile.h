// A tile of squared distances in registers of 512 bits, of machines that have them: its bits are
// those of distance_tiles, at up to twice the speed.
#pragma once

#include <cstddef>

namespace byzsim {

/// Vectors of a tile against others.
inline constexpr std::size_t kWideRows = 4;
inline constexpr std::size_t kWideColumns = 8;

/// Whether this machine has them, and its system keeps them.
bool has_wide_registers();

/// Adds to sums[r * stride + k] the squared differences of a[r] and b[k] over the coordinates
/// [c, end), a multiple of 8, for kWideRows rows and `columns` columns, at most kWideColumns; to
/// the other places up to kWideColumns it adds zeros. Only with has_wide_registers().
void add_wide_tile(std::size_t columns, const float* const* a, const float* const* b, std::size_t c,
                   std::size_t end, double* sums, std::size_t stride);

}  // namespace byzsim
