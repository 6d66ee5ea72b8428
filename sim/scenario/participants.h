// Which workers take part in a round, where the protocol draws them: a pure function of the
// scenario, so that every node and the checks know it.
#pragma once

#include <cstdint>
#include <vector>

#include "core/participations/participation.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// Whether rounds are of some workers only, drawn or several times the same.
bool draws_participants(const Scenario& scenario);

/// Those of the round that begins at the model of a step.
std::vector<Participant> participants_at(const Scenario& scenario, std::int64_t step);

/// No more workers than that are ever asked.
std::int64_t most_ever_asked(const Scenario& scenario);

/// How many of them are honest nodes of the run.
std::int64_t honest_among(const Scenario& scenario, const std::vector<Participant>& participants);

/// The server that a worker sends its model to in the round of a step, where each draws one:
/// uniformly, whatever it drew before.
std::uint32_t server_drawn_by(const Scenario& scenario, std::uint32_t worker, std::int64_t step);

/// How many workers draw that server in the round of a step.
std::int64_t workers_that_draw(const Scenario& scenario, std::uint32_t server, std::int64_t step);

/// What the rounds of a run come to: the first of them, as many as draw 20 million workers.
struct RoundBounds {
  std::int64_t most_byzantine = 0;  ///< vectors of the last `declared` workers in one round
  std::int64_t fewest = 0;          ///< vectors in one round ...
  std::int64_t fewest_at = 0;       ///< ... and its step
};
RoundBounds bounds_of_rounds(const Scenario& scenario);

}  // namespace byzsim
