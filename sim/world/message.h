// What nodes say to each other: one vector per (sender, step, phase).
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "sim/world/node_id.h"
#include "sim/world/payload.h"

namespace byzsim {

/// What a message is. The first three are those of ByzSGD (El-Mhamdi et al., PODC 2020). Values
/// name random draws: only append.
enum class Phase : std::uint8_t {
  model = 0,        ///< server -> workers: the model of a step (scatter)
  gradient = 1,     ///< worker -> servers: the gradient of a step (scatter)
  gather = 2,       ///< server -> servers: the updated model before the median (gather)
  request = 3,      ///< anyone -> server: asks for its model of a step
  agreement = 4,    ///< node -> nodes: one round of averaging agreement (LEARN)
  proposal = 5,     ///< leader -> servers: the gradients of a step (PBFT's pre-prepare)
  prepare = 6,      ///< server -> servers: has seen the leader's proposal
  commit = 7,       ///< server -> servers: has seen a quorum prepared
  view_change = 8,  ///< server -> servers: gives up on a leader
};
constexpr std::size_t kPhases = 9;

inline const char* to_string(Phase phase) {
  switch (phase) {
    case Phase::model:
      return "model";
    case Phase::gradient:
      return "gradient";
    case Phase::gather:
      return "gather";
    case Phase::request:
      return "request";
    case Phase::agreement:
      return "agreement";
    case Phase::proposal:
      return "proposal";
    case Phase::prepare:
      return "prepare";
    case Phase::commit:
      return "commit";
    case Phase::view_change:
      return "view_change";
  }
  return "";
}

/// One thing that every node may say once: a phase of a step, or a round of it.
struct Saying {
  std::int64_t step;
  Phase phase;
  std::int64_t round;
  friend auto operator<=>(const Saying&, const Saying&) = default;
};

/// One vector and who said it.
struct Heard {
  NodeId sender;
  Payload vector;
};

struct Message {
  NodeId sender;
  Phase phase;
  std::int64_t step;
  Payload vector;                  ///< nothing in requests and votes
  std::int64_t round = 0;          ///< within the step: of a pull, an agreement or a view
  std::vector<Heard> quorum = {};  ///< signed vectors of others that the message carries on
  std::uint64_t vote = 0;          ///< what a vote is for
  /// Which of two state machines said it, where one identity hides twins; receivers cannot tell.
  int twin = 0;
  /// How many of the same sender, step, phase and round the receiver was sent before it: a pull
  /// that arrives twice is answered twice.
  std::int64_t repeat = 0;
};

/// Sender, phase and step beside the vector, in bytes on the wire.
constexpr std::uint64_t kHeaderBytes = 16;

inline std::uint64_t wire_bytes(const Message& message) {
  std::uint64_t bytes = kHeaderBytes + sizeof(float) * message.vector.dimension();
  for (const Heard& heard : message.quorum)
    bytes += kHeaderBytes + sizeof(float) * heard.vector.dimension();
  return bytes;
}

}  // namespace byzsim
