// Memory for operator new that suits vectors.
#pragma once

#include <cstddef>

namespace byzsim {

/// A block of so many bytes, to be given to std::free; nullptr where there is no memory. One of a
/// page or more begins at a cache line: where registers of 32 bytes lie across two lines, kernels
/// that read from the cache lose up to a third of their speed.
void* aligned_block(std::size_t bytes);

}  // namespace byzsim
