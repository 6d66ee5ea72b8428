// A run that goes on from where an earlier process has left it, and keeps snapshots of itself for a
// later one.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tools/run/kept_snapshots.h"
#include "tools/run/replay.h"

namespace byzsim {

/// Keeps the snapshots of one run, which outlives it.
class ResumableRun {
 public:
  /// `directory` is that of the result. What else the state holds is named in `held_beside`, and
  /// written and read by `walk_beside`. Of a run whose plugins keep state of their own none are
  /// kept, which is told.
  ResumableRun(Replay& replay, const std::filesystem::path& directory, SnapshotPlan plan,
               std::vector<std::string> held_beside = {}, StateWalk walk_beside = {});

  /// Goes on from the newest snapshot, whose head it gives; nothing where there is none.
  std::optional<SnapshotHead> resume();
  /// Keeps a snapshot where one is due. After an event; `seconds` that this process has spent.
  void keep_if_due(double seconds);
  /// Keeps one now. Not after the run has ended.
  void keep(double seconds);
  /// Whether the last one could be kept.
  bool kept_last() const { return kept_last_; }
  /// Seconds that earlier processes have spent on what is gone on with.
  double seconds_before() const { return seconds_before_; }
  /// Where files of the result are put on the way: beside the snapshots, where there are any.
  BegunDirectory begun_directory();
  /// Removes all: the result is there.
  void remove() { snapshots_.remove(); }

 private:
  void walk(Archive& archive);
  const SnapshotHead& head();

  Replay& replay_;
  std::filesystem::path directory_;
  std::vector<std::string> held_beside_;
  std::optional<SnapshotHead> head_;  // at the beginning; made once somebody asks
  double seconds_before_ = 0;
  StateWalk walk_beside_;
  KeptSnapshots snapshots_;
  bool kept_last_ = false;
  bool told_ = false;  // that none can be kept any more
};

}  // namespace byzsim
