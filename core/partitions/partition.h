// How the training examples are shared out among the workers. One file a partition under
// partitions/.
#pragma once

#include <cstdint>
#include <functional>
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

/// Shares of any number of workers, made when they are asked for.
struct SharesOnDemand {
  std::size_t examples;  ///< of every worker, at least 1
  /// The index of the training example at a place of a worker's share.
  std::function<std::uint32_t(std::uint64_t worker, std::size_t place)> example;
};

/// One partition of the table. `share` makes a share for each of the workers, perhaps an empty one.
struct PartitionEntry {
  Declaration declaration;
  Shares (*share)(const PartitionInput& input);
  /// The same shares one by one, where none depends on another; otherwise null. Holds references to
  /// the data set.
  SharesOnDemand (*on_demand)(const PartitionInput& input) = nullptr;
};

/// All partitions, in the order of partitions.def.
const Table<PartitionEntry>& partitions();

/// The shares by the entry's rule. Throws InputError naming the first worker without an example and
/// what to change, and where each worker cannot have as many as the parameters ask for.
Shares make_shares(const PartitionEntry& entry, const PartitionInput& input);

}  // namespace byzsim
