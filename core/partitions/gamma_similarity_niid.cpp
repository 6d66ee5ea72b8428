// Between iid (gamma 1) and extreme_niid (gamma 0), whose shares these are at the ends: a random
// part of the training examples is shared by chance and the rest by label.
#include <cmath>

#include "core/exact/permutation.h"
#include "core/partitions/label_order.h"

namespace byzsim {
namespace {

Shares share_by_similarity(const PartitionInput& input) {
  const std::size_t count = input.dataset.train.count();
  std::vector<std::uint32_t> order =
      random_permutation(count, Stream(input.seed, Purpose::partition, 0, 0));
  const double gamma = input.parameters.real("gamma");
  const auto by_chance = static_cast<std::size_t>(std::floor(gamma * static_cast<double>(count)));
  const std::span<std::uint32_t> examples = order;
  // Within the random order: which examples are shared by label is left to chance.
  sort_by_label(input.dataset, examples.subspan(by_chance));
  Shares shares(input.workers);
  append_equal_pieces(examples.first(by_chance), shares);
  append_equal_pieces(examples.subspan(by_chance), shares);
  return shares;
}

}  // namespace

namespace partitions_list {

PartitionEntry gamma_similarity_niid() {
  return {{"gamma_similarity_niid",
           "a random fraction gamma of the training examples is split at random, the rest sorted "
           "by label and cut; a smaller gamma is more heterogeneous (1: iid, 0: extreme_niid)",
           "ByzFL: gamma_similarity_niid, whose fraction is the first in its order; Karimireddy, "
           "He, Jaggi (2022): similarity",
           {real("gamma", 0.5, 0, 1, "fraction of the examples that is split at random")}},
          share_by_similarity};
}

}  // namespace partitions_list
}  // namespace byzsim
