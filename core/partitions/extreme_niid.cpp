// The most heterogeneous partition: examples sorted by (label, index) and cut into equal pieces, so
// that a worker sees one class or few. All labels of a regression are equal, so there the pieces
// are contiguous in the order of the set.
#include <numeric>

#include "core/partitions/label_order.h"

namespace byzsim {
namespace {

Shares share_extreme(const PartitionInput& input) {
  std::vector<std::uint32_t> order(input.dataset.train.count());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  sort_by_label(input.dataset, order);
  Shares shares(input.workers);
  append_equal_pieces(order, shares);
  return shares;
}

}  // namespace

namespace partitions_list {

PartitionEntry extreme_niid() {
  return {{"extreme_niid",
           "the training examples sorted by label and cut into equal shares, so that a worker has "
           "one class or few (regression: in the order of the set)",
           "ByzFL: extreme_niid"},
          share_extreme};
}

}  // namespace partitions_list
}  // namespace byzsim
