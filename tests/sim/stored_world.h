// A world written to bytes and read into another, as a snapshot does it.
#pragma once

#include <string>

#include "core/input/archive.h"
#include "sim/run/simulation.h"

namespace byzsim {

/// All that a simulation is, as bytes.
inline std::string stored(Simulation& simulation) {
  return bytes_of([&](Archive& archive) { simulation.walk(archive); });
}

/// Reads all of them into a new simulation of the same scenario.
inline void restore(Simulation& simulation, const std::string& bytes) {
  read_bytes(bytes, [&](Archive& archive) { simulation.walk(archive); });
}

}  // namespace byzsim
