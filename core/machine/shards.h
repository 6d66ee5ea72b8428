// A vector is worked on in shards: pieces whose cut points depend on the dimension alone, never on
// the number of threads, so that partial results fold to the same bits everywhere.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>

#include "core/machine/parallel.h"

namespace byzsim {

/// Coordinates of a shard: 32 KiB of float32, so that the same shard of a quorum's vectors stays in
/// the second-level cache together.
constexpr std::size_t kShardSize = 8192;

/// A half-open range of coordinates.
struct Shard {
  std::size_t begin;
  std::size_t end;
  std::size_t size() const { return end - begin; }
};

/// How many shards a vector of that dimension has; the last may be shorter.
inline std::size_t shard_count(std::size_t dimension) {
  return (dimension + kShardSize - 1) / kShardSize;
}

/// The shard of an index below shard_count().
inline Shard shard_at(std::size_t dimension, std::size_t index) {
  return {index * kShardSize, std::min(dimension, (index + 1) * kShardSize)};
}

/// Calls body(shard, index) once for every shard of a vector of that dimension, in parallel.
/// Results go to slots by index and are folded in index order by the caller.
inline void for_each_shard(const Executor& executor, std::size_t dimension,
                           const std::function<void(Shard, std::size_t)>& body) {
  executor.for_each(shard_count(dimension),
                    [&](std::size_t index) { body(shard_at(dimension, index), index); });
}

}  // namespace byzsim
