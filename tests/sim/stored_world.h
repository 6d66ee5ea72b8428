// A world written to bytes and read into another, as a snapshot does it.
#pragma once

#include <algorithm>
#include <string>

#include "core/input/archive.h"
#include "core/input/issue.h"
#include "sim/run/simulation.h"

namespace byzsim {

/// All that a simulation is, as bytes.
inline std::string stored(Simulation& simulation) {
  std::string bytes;
  Archive archive(
      Archive::Sink([&](std::span<const char> more) { bytes.append(more.data(), more.size()); }));
  simulation.walk(archive);
  archive.flush();
  return bytes;
}

/// Reads it into a new simulation of the same scenario. How many bytes were left over.
inline std::size_t restore(Simulation& simulation, const std::string& bytes) {
  std::size_t place = 0;
  Archive archive(Archive::Source([&](std::span<char> wanted) {
    if (bytes.size() - place < wanted.size()) throw InputError({"", "too short", ""});
    std::copy_n(bytes.data() + place, wanted.size(), wanted.data());
    place += wanted.size();
  }));
  simulation.walk(archive);
  return bytes.size() - place;
}

}  // namespace byzsim
