// Distances between vectors that several nodes received: those of a pair are computed once, by the
// first node that needs them. It changes no result, only how often they are computed, and keeps
// nothing alive.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <vector>

#include "core/kernels/distances.h"
#include "sim/world/payload.h"

namespace byzsim {

/// The latest matrices of distances, by the vectors that they are of. Safe on any thread.
class SharedDistances {
 public:
  /// The squared distances of all pairs, as squared_distances() gives them; the vectors have
  /// values of one dimension.
  DistanceMatrix of(const std::vector<Payload>& vectors, const Executor& executor);

 private:
  struct Kept {
    std::vector<Payload::Identity> vectors;
    std::map<const float*, std::size_t> places;  // by their values
    DistanceMatrix distances;
  };
  DistanceMatrix known_of(const std::vector<Payload>& vectors);
  void keep(const std::vector<Payload>& vectors, const DistanceMatrix& distances);

  std::mutex mutex_;
  std::deque<Kept> latest_;  // the newest first
};

}  // namespace byzsim
