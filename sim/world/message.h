// What nodes send each other: one vector per (sender, step, phase, round).
//
// Channels are authenticated and reliable between honest nodes: no node can send in another's name,
// and whatever an honest node sends arrives, after a finite time without bound (the asynchronous
// model of El-Mhamdi et al., PODC 2020, as we understand it). A Byzantine node may send different
// vectors under one key to different receivers (equivocation), or none.
//
// A message is identified by its sender and its key (step, phase, round); a receiver counts the
// first of each and no other. Vectors of malformed messages may have any dimension and hold any
// bits.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/input/words.h"
#include "sim/world/node_id.h"
#include "sim/world/payload.h"

namespace byzsim {

/// What a message is. The first three are those of ByzSGD (El-Mhamdi et al., PODC 2020); agreement
/// is that of LEARN (El-Mhamdi et al., NeurIPS 2021); the last four are those of PBFT (Castro and
/// Liskov, OSDI 1999). Values name random draws: only append.
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

template <>
struct Words<Phase> {
  static constexpr std::array<const char*, kPhases> all = {"model",   "gradient",  "gather",
                                                           "request", "agreement", "proposal",
                                                           "prepare", "commit",    "view_change"};
};

/// What every node sends at most once: the vector of a phase of a step, or of one round of it.
struct MessageKey {
  static constexpr std::size_t kFields = 3;  // of an archive
  std::int64_t step;
  Phase phase;
  std::int64_t round;
  friend auto operator<=>(const MessageKey&, const MessageKey&) = default;
};

/// One vector and its sender.
struct Heard {
  static constexpr std::size_t kFields = 2;  // of an archive
  NodeId sender;
  Payload vector;
};

/// One message, shared by all its receivers and never changed once it is sent.
struct Message {
  static constexpr std::size_t kFields = 10;  // of an archive
  NodeId sender;
  Phase phase;
  std::int64_t step;
  Payload vector;                  ///< nothing in requests and votes
  std::int64_t round = 0;          ///< within the step: of a pull, an agreement or a view
  std::vector<Heard> quorum = {};  ///< signed vectors of others that the message carries on
  std::uint64_t vote = 0;          ///< what a vote is for
  /// Which of two state machines sent it, where one identity hides twins; receivers cannot tell
  /// (Bano et al., OPODIS 2021).
  int twin = 0;
  /// How many of the same sender, step, phase and round the receiver was sent before it: a pull
  /// that arrives twice is answered twice.
  std::int64_t repeat = 0;
  /// Bytes of the vector on the wire, where its sender compresses it; `vector` is what its
  /// receivers read.
  std::optional<std::uint64_t> compressed_bytes = {};
};

/// What became of a message on arrival. A receiver waits for the first q vectors of its step
/// (El-Mhamdi et al., PODC 2020, as we understand it); all others are dropped, each for one reason.
enum class Verdict : std::uint8_t {
  counted,    ///< enters the quorum of the receiver's current step
  buffered,   ///< enters the quorum of a future step
  late,       ///< of the receiver's current step, whose quorum is complete already
  stale,      ///< of a step the receiver has left
  duplicate,  ///< the sender has sent a vector for this step before
  malformed,  ///< wrong dimension, or a phase that the receiver does not use
};
constexpr std::size_t kVerdicts = 6;
template <>
struct Words<Verdict> {
  static constexpr std::array<const char*, kVerdicts> all = {"counted", "buffered",  "late",
                                                             "stale",   "duplicate", "malformed"};
};

using VerdictCounts = std::array<std::uint64_t, kVerdicts>;

/// Sender, phase and step beside the vector, in bytes on the wire.
constexpr std::uint64_t kHeaderBytes = 16;

/// Bytes of a message on the wire: a header and four bytes per coordinate, of its own vector,
/// unless that is compressed, and of each vector of others that it carries.
inline std::uint64_t wire_bytes(const Message& message) {
  std::uint64_t bytes =
      kHeaderBytes + message.compressed_bytes.value_or(sizeof(float) * message.vector.dimension());
  for (const Heard& heard : message.quorum)
    bytes += kHeaderBytes + sizeof(float) * heard.vector.dimension();
  return bytes;
}

}  // namespace byzsim
