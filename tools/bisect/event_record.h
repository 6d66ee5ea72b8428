// What one event of a run was, what it led to and what the digest was after it, as a value that two
// runs are compared by. Of vectors it holds the digest
// of their bits: a changed bit shows in the event that says it, long before a quorum uses it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/observe/digest_index.h"
#include "sim/run/simulation.h"

namespace byzsim {

/// Who said what, without the vector itself.
struct MessageRecord {
  NodeId sender;
  Phase phase;
  std::int64_t step;
  std::int64_t round;
  std::uint64_t bits;  ///< digest of its vector, of those it carries on and of its vote
  friend bool operator==(const MessageRecord&, const MessageRecord&) = default;
};

/// What an event has put into the future.
struct ScheduledRecord {
  SimTime time;
  EventKind kind;
  NodeId node;
  std::optional<MessageRecord> message;
  std::int64_t number;  ///< of a timer or a card; the delay after a departure
  std::optional<Phase> computes;
  std::int64_t step;
  bool one_role = false;  ///< nodes are called nodes
  friend bool operator==(const ScheduledRecord&, const ScheduledRecord&) = default;
};

/// Times are simulated nanoseconds. Equal records are one event with one past, as far as digests
/// tell.
struct EventRecord {
  std::uint64_t event;  ///< counted from 1
  SimTime time;
  EventKind kind;
  NodeId node;
  int twin;
  std::uint64_t cause;                   ///< the event that scheduled it; 0: the run's start
  std::optional<MessageRecord> message;  ///< of a delivery
  SimTime sent;
  std::optional<Verdict> verdict;
  std::optional<Phase> computed;  ///< what a computation made
  std::int64_t step;
  SimTime begun;
  std::vector<ScheduledRecord> scheduled;
  LayerValues layers;
  bool one_role = false;  ///< nodes are called nodes
  friend bool operator==(const EventRecord&, const EventRecord&) = default;
};

/// The event that the simulation has just run; waits for every vector that it said. The simulation
/// keeps what it schedules (Simulation::keep_scheduled).
EventRecord record_of(const Occurrence& occurrence, const Simulation& simulation);

/// What the event was: "worker 2 has computed the gradient of step 3, begun at 11 ms".
std::string sentence(const EventRecord& record);
/// What will be: "the gradient of step 3 of worker 2 reaches server 1 at 12 ms".
std::string sentence(const ScheduledRecord& record);

}  // namespace byzsim
