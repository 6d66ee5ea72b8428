#include "core/exact/permutation.h"

#include <numeric>
#include <utility>

namespace byzsim {

void shuffle(std::span<std::uint32_t> values, Stream stream) {
  // From the end, as Durstenfeld has it: the order of the draws is part of the result.
  for (std::size_t left = values.size(); left > 1; --left)
    std::swap(values[left - 1], values[stream.below(left)]);
}

std::vector<std::uint32_t> random_permutation(std::size_t count, Stream stream) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  shuffle(order, stream);
  return order;
}

}  // namespace byzsim
