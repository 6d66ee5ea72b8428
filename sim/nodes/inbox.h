// What a node has heard, by step: at most one vector from each sender, in quorums.
//
// A message of an older step than the node's is dropped, one of a future step is kept for later,
// one that arrives after the quorum of its step is complete is ignored; so is a second one from the
// same sender and one of the wrong dimension. All are counted.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "sim/world/message.h"

namespace byzsim {

/// What became of a message on arrival.
enum class Verdict : std::uint8_t {
  counted,    ///< enters the quorum of the receiver's current step
  buffered,   ///< enters the quorum of a future step
  late,       ///< of the receiver's current step, whose quorum is complete already
  stale,      ///< of a step the receiver has left
  duplicate,  ///< the sender spoke for this step before
  malformed,  ///< wrong dimension, or a phase the receiver does not listen to
};
constexpr std::size_t kVerdicts = 6;
const char* to_string(Verdict verdict);

using VerdictCounts = std::array<std::uint64_t, kVerdicts>;

/// The messages of one phase that one node receives.
class Inbox {
 public:
  /// The first `quorum` >= 1 vectors of a step make it complete.
  Inbox(std::size_t quorum, std::size_t dimension) : quorum_(quorum), dimension_(dimension) {}

  /// `current` is the step whose quorum the receiver awaits or has just used.
  Verdict accept(const Message& message, std::int64_t current);
  /// How many more messages of its step can still enter their quorum, where this one can; 0 for
  /// what never will, whatever arrives before it.
  std::size_t room_for(const Message& message, std::int64_t current) const;
  /// The vectors of steps after `current`.
  void each_later(std::int64_t current, const PayloadVisit& visit);
  bool complete(std::int64_t step) const;
  /// How many vectors of a step are there.
  std::size_t count(std::int64_t step) const;
  /// The complete quorum of a step, by sender; drops that step and all before it.
  std::vector<Heard> take(std::int64_t step);
  /// The same of a quorum that will not become complete.
  std::vector<Heard> take_what_is_there(std::int64_t step);

 private:
  std::size_t quorum_;
  std::size_t dimension_;
  std::int64_t taken_ = -1;  // the last step whose quorum was used
  std::map<std::int64_t, std::vector<Heard>> heard_;
};

/// The vectors of what was heard, in its order.
std::vector<Payload> vectors_of(const std::vector<Heard>& heard);

/// The index of what `sender` said among what was heard; nothing where it is not there.
std::optional<std::size_t> place_of(NodeId sender, const std::vector<Heard>& heard);

}  // namespace byzsim
