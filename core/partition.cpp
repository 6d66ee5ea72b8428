#include "core/partition.h"

#include <fmt/format.h>

namespace byzsim {

namespace partitions_list {
#define STRATEGY(name) PartitionEntry name();
#include "core/partitions/partitions.def"
#undef STRATEGY
}  // namespace partitions_list

const Table<PartitionEntry>& partitions() {
  static const Table<PartitionEntry> table({
#define STRATEGY(name) partitions_list::name(),
#include "core/partitions/partitions.def"
#undef STRATEGY
  });
  return table;
}

Shares make_shares(const PartitionEntry& entry, const PartitionInput& input) {
  Shares shares = entry.share(input);
  BYZ_CHECK(shares.size() == input.workers, "a partition makes one share for each worker");
  for (std::size_t worker = 0; worker < shares.size(); ++worker)
    if (shares[worker].empty())
      throw InputError(
          {"/partition",
           fmt::format("worker {} of {} gets none of the {} training examples", worker,
                       input.workers, input.dataset.train.count()),
           "use fewer workers, more examples, or more even shares (a larger alpha, another "
           "partition)"});
  return shares;
}

}  // namespace byzsim
