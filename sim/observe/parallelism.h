// How much of a run's arithmetic can be done at once. Work is all of it; span is what is on the
// longest chain in which each computation needs the one before. Work over span is the speed-up that
// as many threads as one likes could reach at most, one computation on one thread.
//
// Both are counted, not measured: multiplications of gradients (core/models/model.h) and operations
// of rules (core/rules/rule.h). Forging, digests and metrics are left out. A computation needs
// those of its node before, and those of the senders of what it is of.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "sim/nodes/workload.h"
#include "sim/observe/occurrence.h"

namespace byzsim {

class Archive;

/// Of one run so far. All 0 without numbers.
class Parallelism {
 public:
  explicit Parallelism(std::shared_ptr<const Workload> workload);

  void see(const Used& used);
  void see(const Begun& begun);
  void see(const Sent& sent);

  double work() const { return work_; }
  double span() const { return span_; }
  /// Writes it, or reads it back (core/input/archive.h).
  void walk(Archive& archive);

 private:
  // What a node sent lately in one phase: the span up to there, by step.
  using Latest = std::map<std::int64_t, double>;
  double& end_of(NodeId node) { return ends_[node.code()]; }

  std::shared_ptr<const Workload> workload_;
  double work_ = 0, span_ = 0;
  std::map<std::uint64_t, double> ends_;                            // spans, by node
  std::map<std::pair<std::uint64_t, std::uint64_t>, Latest> sent_;  // by node and phase
};

}  // namespace byzsim
