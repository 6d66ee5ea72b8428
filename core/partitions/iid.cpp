// Each worker gets a random part of the training examples, so that all see the same distribution.
#include <numeric>
#include <utility>

#include "core/partition.h"
#include "core/random.h"

namespace byzsim {
namespace {

// Fisher and Yates, as Durstenfeld (1964).
std::vector<std::uint32_t> random_permutation(std::size_t count, Stream stream) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  for (std::size_t left = count; left > 1; --left)
    std::swap(order[left - 1], order[stream.below(left)]);
  return order;
}

Shares share_iid(const PartitionInput& input) {
  const std::size_t count = input.dataset.train.count();
  const auto order = random_permutation(count, Stream(input.seed, Purpose::partition, 0, 0));
  Shares shares;
  auto begin = order.begin();
  for (std::size_t worker = 0; worker < input.workers; ++worker) {
    const std::size_t size = count / input.workers + (worker < count % input.workers ? 1 : 0);
    const auto end = begin + static_cast<std::ptrdiff_t>(size);
    shares.emplace_back(begin, end);
    begin = end;
  }
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
