// REF: the speed at which n streams can be read at all, by our own probe over the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace byzsim::bench {

/// The OR of all bits of the vectors, read side by side, a cache line of each at a time; `ahead`
/// bytes are prefetched (0: none).
std::uint64_t or_of_all(std::span<const float* const> vectors, std::size_t dimension,
                        std::size_t ahead);

}  // namespace byzsim::bench
