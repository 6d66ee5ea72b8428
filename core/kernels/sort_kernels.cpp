#include <array>
#include <utility>

#include "core/check.h"
#include "core/kernels/keyed_rows.h"
#include "sorting_networks.h"

namespace byzsim {
namespace {

using keyed_rows::Sorting;

template <std::size_t n>
void store_sorted(const float* const* vectors, std::size_t begin, std::size_t end, Ranks ranks,
                  std::size_t stride, float* to) {
  for (std::size_t c = begin; c < end; c += kKernelLanes) {
    lanes::Keys rows[n];
    keyed_rows::load<n>(vectors, c, rows);
    Sorting<n>::put_in_order(rows);
    float* const column = to + (c - begin);
#pragma GCC unroll 64
    for (std::size_t rank = 0; rank < n; ++rank)
      // Tested inside the unrolled loop, so that places are constants.
      if (rank >= ranks.first && rank <= ranks.last)
        lanes::store(lanes::floats_of(rows[Sorting<n>::places[rank]]), column + rank * stride);
  }
}

constexpr auto kSortKernels = []<std::size_t... i>(std::index_sequence<i...>) {
  return std::array<SortKernel, sizeof...(i)>{store_sorted<i + 1>...};
}
(std::make_index_sequence<kKernelVectors>{});

}  // namespace

SortKernel sort_kernel(std::size_t n) {
  BYZ_CHECK(n >= 1 && n <= kKernelVectors, "a kernel exists for 1 to kKernelVectors vectors");
  return kSortKernels[n - 1];
}

}  // namespace byzsim
