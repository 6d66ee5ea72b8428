// The moves among which a search may choose: what Byzantine nodes send, which messages arrive
// first, and which nodes form the two halves that both of these tell apart.
#pragma once

#include <string>
#include <vector>

#include "core/exact/random.h"
#include "core/input/json.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// What a move may decide.
struct MoveSpace {
  bool attacks = true;  ///< attacks: the scenario's own, split, a_little_is_enough (workers) or
                        ///< equivocation (servers)
  bool wires = true;    ///< schedulers: the scenario's own, byzantine_first, keep_apart
  std::int64_t halves;  ///< at most that many partitions of the honest servers, at least 1
};

/// Every combination, each with all of its choices, the scenario's own first: that of step 0.
/// Partitions are even: all of them where they are few enough, otherwise that of the indices and
/// such as are drawn.
std::vector<Move> candidate_moves(const Scenario& scenario, const MoveSpace& space, Stream stream);

/// The script with a move added at its step, or as it is where the move changes nothing.
Script with_move(Script script, const Move& move);

/// What a move decides, for the table of a search.
Json json_of_move(const Move& move);

}  // namespace byzsim
