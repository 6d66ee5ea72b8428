#include "core/partitions/label_order.h"

#include <algorithm>
#include <tuple>

namespace byzsim {

void sort_by_label(const Dataset& dataset, std::span<std::uint32_t> examples) {
  const auto& labels = dataset.train.labels;
  std::sort(examples.begin(), examples.end(), [&](std::uint32_t a, std::uint32_t b) {
    // The index makes the order total, so that any sort gives the same one.
    return std::tie(labels[a], a) < std::tie(labels[b], b);
  });
}

void append_equal_pieces(std::span<const std::uint32_t> order, Shares& shares) {
  const std::size_t workers = shares.size();
  std::size_t begin = 0;
  for (std::size_t worker = 0; worker < workers; ++worker) {
    const std::size_t size = order.size() / workers + (worker < order.size() % workers ? 1 : 0);
    const auto piece = order.subspan(begin, size);
    shares[worker].insert(shares[worker].end(), piece.begin(), piece.end());
    begin += size;
  }
}

}  // namespace byzsim
