// Aggregates that several nodes ask for: nodes that received the very same vectors get the very
// same payload, computed once. It changes no result, only how often it is computed, and keeps
// nothing alive.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "sim/world/payload.h"

namespace byzsim {

/// The latest aggregates, by the vectors that they are of. Safe on any thread.
class SharedAggregates {
 public:
  /// The aggregate of these payloads in this order with that many nodes `missing`, if it was asked
  /// for lately and somebody still keeps it; otherwise what `make` returns. For rules that depend
  /// on nothing else. Any thread.
  Payload of(const std::vector<Payload>& vectors, std::int64_t missing,
             const std::function<Payload()>& make);

 private:
  struct Aggregate {
    std::vector<Payload::Identity> vectors;
    std::int64_t missing;
    Payload::Identity result;
  };
  std::mutex mutex_;
  std::deque<Aggregate> latest_;  // the newest first
};

}  // namespace byzsim
