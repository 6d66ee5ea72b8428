// Kernels of coordinate-wise order statistics of up to 64 float vectors: one selection network per
// number of vectors, unrolled over registers of eight coordinates.
#pragma once

#include <cstddef>

#include "core/kernels/order_statistics.h"

namespace byzsim {

/// The most vectors that have a kernel.
constexpr std::size_t kKernelVectors = 64;
/// Coordinates a kernel takes at once.
constexpr std::size_t kKernelLanes = 8;

/// Writes the medians of n vectors' coordinates begin ... end - 1 to out[begin] ...; end - begin is
/// a multiple of kKernelLanes.
using MedianKernel = void (*)(const float* const* vectors, std::size_t begin, std::size_t end,
                              Middle middle, float* out);
/// The ranks first ... last of sorted values, counted from 0.
struct Ranks {
  std::size_t first;
  std::size_t last;
};

/// Sorts the coordinates begin ... end - 1 of n vectors and writes those of each asked rank r to
/// rows[r * stride] ... . end - begin is a multiple of kKernelLanes.
using SortKernel = void (*)(const float* const* vectors, std::size_t begin, std::size_t end,
                            Ranks ranks, std::size_t stride, float* rows);

/// The kernels of 1 <= n <= kKernelVectors vectors.
MedianKernel median_kernel(std::size_t n);
SortKernel sort_kernel(std::size_t n);

}  // namespace byzsim
