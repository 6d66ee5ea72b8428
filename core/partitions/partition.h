// How the training examples are shared out among the workers. One file a partition under
// partitions/.
#pragma once

#include <cstdint>
#include <vector>

#include "core/datasets/dataset.h"
#include "core/input/issue.h"
#include "core/input/table.h"

namespace byzsim {

/// share[j] holds the indices of worker j's training examples.
using Shares = std::vector<std::vector<std::uint32_t>>;

/// What a partition depends on: nothing else may decide a share.
struct PartitionInput {
  const Parameters& parameters;
  const Dataset& dataset;
  std::size_t workers;
  std::uint64_t seed;
  const char* worker = "worker";  ///< what messages call one
};

/// One partition of the table. `share` makes a share for each of the workers, perhaps an empty one.
struct PartitionEntry {
  Declaration declaration;
  Shares (*share)(const PartitionInput& input);
};

/// All partitions, in the order of partitions.def.
const Table<PartitionEntry>& partitions();

/// The shares by the entry's rule. Throws InputError naming the first worker without an example and
/// what to change, and where each worker cannot have as many as the parameters ask for.
Shares make_shares(const PartitionEntry& entry, const PartitionInput& input);

}  // namespace byzsim
