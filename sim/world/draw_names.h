// Names of the random draws that the world makes of messages and computations: at most one of each
// for a step, phase and round.
#pragma once

#include <cstdint>

#include "core/exact/random.h"
#include "sim/world/message.h"

namespace byzsim {

/// A purpose and a counter, to which the caller adds who it is about.
struct DrawName {
  Purpose purpose;
  std::uint64_t counter;
};

inline DrawName name_in_round(Purpose purpose, std::int64_t step, Phase phase, std::int64_t round) {
  constexpr std::uint64_t rounds = 64, phases = 16;  // 10 bits of the counter's 40
  return {purpose,
          (static_cast<std::uint64_t>(step) * phases + static_cast<std::uint64_t>(phase)) * rounds +
              static_cast<std::uint64_t>(round) % rounds};
}

/// `plain` names the vectors of ByzSGD's three phases, `in_round` everything else.
inline DrawName name_of(Purpose plain, Purpose in_round, std::int64_t step, Phase phase,
                        std::int64_t round) {
  if (round != 0 || phase > Phase::gather) return name_in_round(in_round, step, phase, round);
  return {plain, static_cast<std::uint64_t>(step) * 4 + static_cast<std::uint64_t>(phase)};
}

/// What lies between two nodes, or between a node and itself; 48 bits.
inline std::uint64_t link_between(NodeId sender, NodeId receiver) {
  return (sender.code() << 24) | receiver.code();
}

}  // namespace byzsim
