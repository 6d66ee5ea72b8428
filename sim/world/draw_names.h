// Names of the random draws that the world and the adversary make of messages, computations and
// aggregations: one formula for all.
//
// A draw is named by (seed, purpose, node or link, step, phase, round) and by nothing else: not by
// what was drawn before, and not by how many other nodes there are. Therefore removing a node or
// adding a metric moves no other draw (core/exact/random.h).
#pragma once

#include <cstdint>

#include "core/check.h"
#include "core/exact/random.h"
#include "sim/world/message.h"

namespace byzsim {

/// The counter of the stream that belongs to one step, phase and round of a node or a link, as 40
/// bits: different for all of them; of rounds from 64 on, those 64 apart have the same.
inline std::uint64_t draw_counter(const MessageKey& key) {
  constexpr std::uint64_t kRounds = 64, kMostPhases = 16;
  static_assert(kPhases <= kMostPhases);
  BYZ_CHECK(key.step >= 0 && key.round >= 0, "steps and rounds are counted from 0");
  BYZ_CHECK(static_cast<std::size_t>(key.phase) < kPhases, "a phase is one of the enumeration");
  const auto step = static_cast<std::uint64_t>(key.step);
  return (step * kMostPhases + static_cast<std::uint64_t>(key.phase)) * kRounds +
         static_cast<std::uint64_t>(key.round) % kRounds;
}

/// Identifies the link from one node to another, or from a node to itself, by which it computes:
/// the codes of both nodes (NodeId::code), 48 bits.
inline std::uint64_t link_between(NodeId sender, NodeId receiver) {
  BYZ_CHECK(sender.index < kMostNodes && receiver.index < kMostNodes,
            "the code of a node has 24 bits");
  return (sender.code() << 24) | receiver.code();
}

}  // namespace byzsim
