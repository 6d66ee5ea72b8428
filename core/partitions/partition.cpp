#include "core/partitions/partition.h"

#include <string>

#include <fmt/format.h>

namespace byzsim {

namespace partitions_list {
std::vector<PartitionEntry> all() {
  return {
#define STRATEGY(name) BYZSIM_MADE_BY(PartitionEntry, name),
#include "core/partitions/partitions.def"
#undef STRATEGY
  };
}
}  // namespace partitions_list

const Table<PartitionEntry>& partitions() {
  static const Table<PartitionEntry> table(partitions_list::all());
  return table;
}

namespace {

// Some partitions can be drawn again; sizes that no seed changes cannot.
std::string remedy_of_empty_share(const PartitionEntry& entry) {
  for (const Parameter& parameter : entry.declaration.parameters)
    if (parameter.name == "least")
      return "set /partition/parameters/least to 1 or more to draw again until every worker has "
             "that many, or use fewer workers, more examples or a larger alpha";
  return "use fewer workers, more examples or another partition";
}

}  // namespace

Shares make_shares(const PartitionEntry& entry, const PartitionInput& input) {
  Shares shares = entry.share(input);
  BYZ_CHECK(shares.size() == input.workers, "a partition makes one share for each worker");
  // A worker without examples could draw no batch.
  for (std::size_t worker = 0; worker < shares.size(); ++worker)
    if (shares[worker].empty())
      throw InputError(
          {"/partition",
           fmt::format("{} {} of {} gets none of the {} training examples", input.worker, worker,
                       input.workers, input.dataset.train.count()),
           remedy_of_empty_share(entry)});
  return shares;
}

}  // namespace byzsim
