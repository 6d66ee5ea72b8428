// What the selection kernels share: eight coordinates of n vectors, loaded as keys into a fixed
// array. Included by the kernels' two sources alone, with the networks that put them in order.
#pragma once

#include <cstddef>

#include "core/kernels/lanes.h"
#include "core/kernels/selection_kernels.h"

namespace byzsim::keyed_rows {

// Hardware prefetchers follow about 16 streams; beyond that we ask for the lines ourselves, this
// many bytes ahead.
inline constexpr std::size_t kFollowedStreams = 16;
inline constexpr std::size_t kAhead = 512;

// Two calls in a row, for the halves of a cache line, ask for a line of every vector.
template <std::size_t n>
void prefetch_rows(const float* const* vectors, std::size_t c) {
  if constexpr (n > kFollowedStreams) {
    const std::size_t half = c / kKernelLanes % 2;
    // A cache line holds two blocks of eight floats: each call asks for the lines of half of the
    // vectors.
    const std::size_t begin = half == 0 ? 0 : n / 2, end = half == 0 ? n / 2 : n;
    for (std::size_t i = begin; i < end; ++i) lanes::prefetch(vectors[i] + c, kAhead);
  }
}

// Reads the coordinates c ... c + 7 of every vector as keys, in whole registers.
template <std::size_t n>
[[gnu::always_inline]] inline void load(const float* const* vectors, std::size_t c,
                                        lanes::Keys* rows) {
  prefetch_rows<n>(vectors, c);
#pragma GCC unroll 64
  for (std::size_t i = 0; i < n; ++i) rows[i] = lanes::keys_of(lanes::load(vectors[i] + c));
}

}  // namespace byzsim::keyed_rows
