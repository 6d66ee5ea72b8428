// For whom a node in rounds waits beyond a timeout. A neighbour that was there in the step before
// may have waited for a silent one itself, and is then one timeout late: it is given a second one.
// One that was silent in the step before is given up after the first, so that it costs each step
// one timeout.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "sim/world/message.h"

namespace byzsim {

class Archive;

/// What one node knows of its neighbours' silence, from step to step.
class Patience {
 public:
  /// At the first timeout of a step, with what was received in it: whether a neighbour is missing
  /// that was not silent in the step before.
  bool waits_on(const std::vector<std::uint32_t>& neighbours,
                const std::vector<Heard>& heard) const;
  /// A step has ended with these vectors.
  void end_step(const std::vector<std::uint32_t>& neighbours, const std::vector<Heard>& heard);
  /// Writes it, or reads it back (core/input/archive.h).
  void walk(Archive& archive);

 private:
  // In the step before; before the first step ends no neighbour has waited for another.
  std::optional<std::set<std::uint32_t>> silent_;
};

}  // namespace byzsim
