// A part of a run as a report draws it: which message arrived where and when and what became of it,
// and when each node computed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/input/json.h"
#include "sim/run/simulation.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

class Timeline {
 public:
  /// Begins with the first message or computation of a step from `from` on. Keeps `capacity`
  /// arrivals of messages and the computations that end before the last of them.
  Timeline(std::int64_t from, std::size_t capacity) : from_(from), capacity_(capacity) {}

  /// Every event, in its order.
  void see(const Occurrence& occurrence);

  /// {"nodes": [{"name", "byzantine", "twin"}], "phases": [...], "verdicts": [...],
  ///  "messages": [[sender, receiver, phase, step, sent, received, verdict, bytes]],
  ///  "computations": [[node, phase, step, begun, ended]], "from", "begin", "until", "whole"}.
  /// Nodes, phases and verdicts are indices, times nanoseconds; nodes are the servers, then the
  /// workers, the second of twins behind the first. `from` is a step. What arrived or ended between
  /// `begin` and `until` is there; `whole` says that this is the whole run.
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

  std::int64_t from_;
  std::size_t capacity_;
  std::vector<Arrival> arrivals_;
  std::vector<Computation> computations_;
  SimTime begin_ = 0, until_ = 0;
  bool begun_ = false, full_ = false;
};

}  // namespace byzsim
