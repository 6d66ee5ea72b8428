// The beginning of a run as a report draws it: which message arrived where and when and what became
// of it, and when each node computed.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "core/json.h"
#include "sim/scenario/scenario.h"
#include "sim/simulation.h"

namespace byzsim {

class Timeline {
 public:
  /// Keeps the first `capacity` arrivals of messages and the computations that end before the last
  /// of them.
  explicit Timeline(std::size_t capacity) : capacity_(capacity) {}

  void see(const Occurrence& occurrence);

  /// {"nodes": [{"name", "byzantine", "twin"}], "phases": [...], "verdicts": [...],
  ///  "messages": [[sender, receiver, phase, step, sent, received, verdict, bytes]],
  ///  "computations": [[node, phase, step, begun, ended]], "until", "whole"}.
  /// Nodes, phases and verdicts are indices, times nanoseconds; nodes are the servers, then the
  /// workers, the second of twins behind the first. What happened up to `until` is there; `whole`
  /// says that the run ended there.
  Json to_json(const Scenario& scenario) const;

 private:
  using Machine = std::pair<NodeId, int>;  // and which of two, where a node is twins
  struct Arrival {
    Machine sender, receiver;
    Phase phase;
    std::int64_t step;
    SimTime sent, received;
    Verdict verdict;
    std::uint64_t bytes;
  };
  struct Computation {
    Machine node;
    Phase phase;
    std::int64_t step;
    SimTime begun, ended;
  };

  std::size_t capacity_;
  std::vector<Arrival> arrivals_;
  std::vector<Computation> computations_;
  SimTime until_ = 0;
  bool whole_ = true;
};

}  // namespace byzsim
