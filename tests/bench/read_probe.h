// REF: the speed at which n streams can be read at all, by our own probe over the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace byzsim::bench {

/// The OR of all bits of the vectors (but of the last that fill no stretch), read side by side,
/// `lines` cache lines of each in turn (1, 4 or 8); `ahead` bytes are prefetched (0: none).
std::uint64_t or_of_all(std::span<const float* const> vectors, std::size_t dimension,
                        std::size_t lines, std::size_t ahead);

}  // namespace byzsim::bench
