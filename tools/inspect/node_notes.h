// What is noted of every node while a run goes on, from its occurrences: since when it does what it
// does, which quorum it used last, and when the vectors that it keeps arrived.
//
// A value: it is copied with the simulation that it belongs to.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "sim/run/simulation.h"

namespace byzsim {

/// A message that a node has received and not used yet.
struct KeptMessage {
  std::uint64_t event;  ///< of its delivery
  SimTime time;
  NodeId sender;
  MessageKey key;
};

/// A quorum that a node has used.
struct UsedQuorum {
  std::uint64_t event;
  SimTime time;
  Phase phase;
  std::int64_t step;
  std::vector<std::pair<NodeId, std::uint64_t>> heard;  ///< senders, and digests of their vectors
};

/// Of one state machine.
struct NodeNotes {
  SimTime since = 0;                  ///< it computes, or waits for the same vectors
  std::optional<UsedQuorum> used;     ///< the last
  std::vector<KeptMessage> kept;      ///< in the order of their arrival
  std::optional<Adopt> adopted;       ///< the last model; of servers
  std::uint64_t adopted_in = 0;       ///< the event
  std::optional<MessageKey> awaited;  ///< the first of Node::awaits; a step of -1 is any
};

/// Of all nodes of one simulation.
class AllNotes {
 public:
  /// The event that the simulation has just processed.
  void see(const Occurrence& occurrence, const Simulation& simulation);
  const NodeNotes& of(NodeId node, int twin = 0) const;

 private:
  std::map<std::pair<NodeId, int>, NodeNotes> notes_;
};

}  // namespace byzsim
