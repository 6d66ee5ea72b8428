// Each worker gets a random part of the training examples, so that all see the same distribution.
#include "core/exact/permutation.h"
#include "core/partitions/label_order.h"

namespace byzsim {
namespace {

Shares share_iid(const PartitionInput& input) {
  Shares shares(input.workers);
  append_equal_pieces(
      random_permutation(input.dataset.train.count(), Stream(input.seed, Purpose::partition, 0, 0)),
      shares);
  return shares;
}

}  // namespace

namespace partitions_list {

PartitionEntry iid() {
  return {
      {"iid",
       "a random permutation of the training examples, cut into shares whose sizes differ by at "
       "most one",
       "ByzFL and others: shuffle and split"},
      share_iid};
}

}  // namespace partitions_list
}  // namespace byzsim
