#include <array>
#include <utility>

#include "core/check.h"
#include "core/kernels/keyed_rows.h"

namespace byzsim {
namespace {

using keyed_rows::load_in_order;

template <std::size_t n>
void store_sorted(const float* const* vectors, std::size_t begin, std::size_t end, Ranks ranks,
                  std::size_t stride, float* to) {
  constexpr const auto& network = kSelectionNetwork<n, 0, n - 1>;
  for (std::size_t c = begin; c < end; c += kKernelLanes) {
    lanes::Keys rows[n];
    load_in_order<network, n>(vectors, c, rows);
    float* const column = to + (c - begin);
    const auto store = [&](std::size_t rank, const lanes::Keys& row)
        __attribute__((always_inline)) {
      if (rank >= ranks.first && rank <= ranks.last)
        lanes::store(lanes::floats_of(row), column + rank * stride);
    };
    [&]<std::size_t... i>(std::index_sequence<i...>) __attribute__((always_inline)) {
      (store(i, rows[network.places[i]]), ...);
    }
    (std::make_index_sequence<n>{});
  }
}

constexpr auto kSortKernels = []<std::size_t... i>(std::index_sequence<i...>) {
  return std::array<SortKernel, sizeof...(i)>{store_sorted<i + 1>...};
}
(std::make_index_sequence<kKernelVectors>{});

}  // namespace

SortKernel sort_kernel(std::size_t n) {
  BYZ_CHECK(n >= 1 && n <= kKernelVectors, "there is no kernel for so many vectors");
  return kSortKernels[n - 1];
}

}  // namespace byzsim
