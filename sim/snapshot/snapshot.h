// A snapshot: a run as far as it has come, in one file, from which it goes on to the same bits.
//
// The file is a line with the number of its layout, a head that can be read by itself (JSON), the
// state (Simulation::walk, compressed by zstd), and a checksum of all before it. It appears by
// rename, whole or not at all, and is on the disk by then. Nothing of a file is used before its
// checksum has been found to hold.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "core/input/archive.h"
#include "core/input/input_file.h"
#include "core/input/json.h"
#include "sim/run/simulation.h"

namespace byzsim {

/// Which values the state holds, and in which order. Raise it with every change of a walk:
/// tests/sim/snapshot_test.cpp notices.
constexpr int kSnapshotLayout = 5;

/// What a snapshot states of itself.
struct SnapshotHead {
  std::string id;                   ///< of the run
  Json scenario;                    ///< resolved, canonical
  std::vector<InputFile> inputs;    ///< that the run has read
  std::string profile;              ///< numeric
  std::string version;              ///< of the program, with its revision
  std::uint64_t events = 0;         ///< that have happened
  std::int64_t step = 0;            ///< that every honest server has reached
  SimTime time = 0;                 ///< nanoseconds of simulated time
  std::string digest;               ///< of the run so far, 16 hex digits
  double wall_seconds = 0;          ///< that the run has taken so far
  std::vector<std::string> beside;  ///< what else the state holds: a record by value, say
};

/// The head of a run as far as it has come. `id` is that of its scenario; the wall time is left
/// open.
SnapshotHead head_of(const Simulation& simulation, const std::string& id, Json scenario,
                     std::vector<std::string> beside);
/// The same of a later moment.
SnapshotHead head_of(const Simulation& simulation, SnapshotHead earlier);

/// Writes or reads the state: the simulation first, then whatever the head names beside it.
using StateWalk = std::function<void(Archive&)>;

/// Waits for what is being computed. Throws InputError where the file cannot be written; an older
/// one of that name is still there then.
void write_snapshot(const std::filesystem::path& file, const SnapshotHead& head,
                    const StateWalk& walk);

/// A whole snapshot on the disk. What is read from it is what was there when it was opened.
class SnapshotFile {
 public:
  /// Throws InputError for what cannot be read, is no snapshot, is damaged, or has another layout.
  explicit SnapshotFile(const std::filesystem::path& file);
  const SnapshotHead& head() const { return head_; }
  /// Reads the state into a simulation just made of the head's scenario. Throws InputError where
  /// that is another than the one that was written.
  void read(const StateWalk& walk);

 private:
  std::filesystem::path path_;
  std::ifstream file_;
  SnapshotHead head_;
  std::uint64_t state_begin_ = 0, state_end_ = 0;  // bytes of the file
};

/// What keeps a run from going on from a snapshot, a sentence each: another scenario or profile,
/// files that have changed. Empty where nothing does. `run` is the head of the run that is to go
/// on.
std::vector<std::string> differences(const SnapshotHead& snapshot, const SnapshotHead& run);

}  // namespace byzsim
