// What a node has received, by step: at most one vector from each sender, in quorums.
//
// A message of an older step than the node's is dropped, one of a future step is kept for later,
// one that arrives after the quorum of its step is complete is ignored; so is a second one from the
// same sender and one of the wrong dimension. All are counted. These are the message rules of
// ByzSGD: a receiver uses the first q vectors of distinct senders (El-Mhamdi et al., PODC 2020, as
// we understand it).
//
// Invariants: a quorum has at most q vectors, of different senders, all of one dimension; it
// is taken once, sorted by sender, and quorums are taken in the order of their keys.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/check.h"
#include "sim/world/message.h"
#include "sim/world/node.h"

namespace byzsim {

class Archive;

/// What a quorum is of: a step, or one of the rounds that a phase has within it.
struct QuorumKey {
  std::int64_t step;
  std::int64_t round = 0;
  QuorumKey(std::int64_t of_step = 0, std::int64_t in_round = 0) : step(of_step), round(in_round) {}
  friend auto operator<=>(const QuorumKey&, const QuorumKey&) = default;
  static constexpr std::size_t kFields = 2;  // of an archive
};

/// How many vectors make a quorum complete, from a step on.
struct QuorumFrom {
  std::int64_t step;
  std::size_t quorum;
};

/// The messages of one phase that one node receives.
class Inbox {
 public:
  /// The first `quorum` >= 1 vectors of a step, or of a round in it, make it complete.
  Inbox(std::size_t quorum, std::size_t dimension) : Inbox({QuorumFrom{0, quorum}}, dimension) {}
  /// The same with quorums that change at steps, ascending; the first is that of all steps before.
  Inbox(std::vector<QuorumFrom> quorums, std::size_t dimension);

  /// `current` is the step whose quorum the receiver awaits or has just used.
  Verdict accept(const Message& message, const QuorumKey& current);
  /// How many more messages of its step can still enter their quorum, where this one can; 0 for
  /// what never will, whatever arrives before it.
  std::size_t room_for(const Message& message, const QuorumKey& current) const;
  /// The vectors of steps after `current`.
  void each_later(const QuorumKey& current, const PayloadVisit& visit);
  bool complete(const QuorumKey& key) const;
  /// How many vectors of a step are there.
  std::size_t count(const QuorumKey& key) const;
  /// What a node waits for that awaits this quorum, with the vectors in the order of their arrival.
  Awaited awaited(Phase phase, const QuorumKey& key) const;
  /// The complete quorum of a step, by sender; drops that step and all before it.
  std::vector<Heard> take(const QuorumKey& key);
  /// The same of a quorum that will not become complete, and may be empty.
  std::vector<Heard> take_what_is_there(const QuorumKey& key);
  /// Writes it, or reads it back (core/input/archive.h).
  void walk(Archive& archive);

 private:
  std::size_t quorum_of(const QuorumKey& key) const;

  std::vector<QuorumFrom> quorums_;
  std::size_t dimension_;
  QuorumKey taken_ = -1;  // the last that was used
  std::map<QuorumKey, std::vector<Heard>> heard_;
};

/// The vectors of a quorum, in its order.
std::vector<Payload> vectors_of(const std::vector<Heard>& heard);

/// Their senders within their role, in the same order.
std::vector<std::int32_t> senders_of(const std::vector<Heard>& heard);

/// The index of the vector of `sender` in a quorum; nothing where it is not there.
std::optional<std::size_t> place_of(NodeId sender, const std::vector<Heard>& heard);

}  // namespace byzsim
