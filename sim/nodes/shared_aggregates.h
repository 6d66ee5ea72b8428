// Aggregates that several nodes ask for: who heard the very same vectors gets the very same
// payload, computed once. It changes no result, only how often it is computed, and keeps nothing
// alive.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "sim/world/payload.h"

namespace byzsim {

class SharedAggregates {
 public:
  /// The aggregate of these payloads in this order with so many nodes `missing`, if it was asked
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
