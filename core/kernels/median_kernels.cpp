#include <array>
#include <utility>

#include "core/check.h"
#include "core/kernels/keyed_rows.h"
#include "median_networks.h"

namespace byzsim {
namespace {

using keyed_rows::Median;

template <std::size_t n>
void store_medians(const float* const* vectors, std::size_t begin, std::size_t end, Middle middle,
                   float* out) {
  constexpr std::size_t first = Median<n>::places[(n - 1) / 2], last = Median<n>::places[n / 2];
  for (std::size_t c = begin; c < end; c += kKernelLanes) {
    lanes::Keys rows[n];
    keyed_rows::load<n>(vectors, c, rows);
    Median<n>::put_in_order(rows);
    // Constants of the number of vectors: of an odd one only this branch is left.
    if (first == last || middle == Middle::lower)
      lanes::store(lanes::floats_of(rows[first]), out + c);
    else if (middle == Middle::upper)
      lanes::store(lanes::floats_of(rows[last]), out + c);
    else
      lanes::store(lanes::midpoint(lanes::floats_of(rows[first]), lanes::floats_of(rows[last])),
                   out + c);
  }
}

constexpr auto kMedianKernels = []<std::size_t... i>(std::index_sequence<i...>) {
  return std::array<MedianKernel, sizeof...(i)>{store_medians<i + 1>...};
}
(std::make_index_sequence<kKernelVectors>{});

}  // namespace

MedianKernel median_kernel(std::size_t n) {
  BYZ_CHECK(n >= 1 && n <= kKernelVectors, "a kernel exists for 1 to kKernelVectors vectors");
  return kMedianKernels[n - 1];
}

}  // namespace byzsim
