// The snapshots that a run keeps of itself while it is made, in a folder beside its result: from
// the newest it goes on after whatever ended it. They are gone once the result is there.
//
// One process at a time uses the folder; another that makes the same run meanwhile keeps none.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "sim/snapshot/snapshot.h"
#include "tools/run/folder_lock.h"

namespace byzsim {

/// When snapshots are taken: by real time, by the run's own steps, or never.
struct SnapshotPlan {
  std::optional<double> seconds;
  std::optional<std::int64_t> steps;
  std::int64_t kept = 1;  ///< the newest ones, at least one

  bool never() const { return !seconds && !steps; }
};

/// "30s", "500 steps", "never". Throws InputError naming the option.
SnapshotPlan parse_snapshot_plan(const std::string& text, std::int64_t kept);

/// Where a run to this directory keeps its snapshots.
std::filesystem::path folder_of_snapshots(const std::filesystem::path& directory);

/// What the newest whole snapshot of a run to this directory states of itself; nothing without one.
std::optional<SnapshotHead> newest_head(const std::filesystem::path& directory);

/// The snapshots of one run.
class KeptSnapshots {
 public:
  /// Looks for those of an earlier process. `directory` is that of the result.
  KeptSnapshots(const std::filesystem::path& directory, const SnapshotPlan& plan);
  ~KeptSnapshots();
  KeptSnapshots(const KeptSnapshots&) = delete;
  KeptSnapshots& operator=(const KeptSnapshots&) = delete;

  /// Whether there may be one.
  bool any() const;
  /// The newest that is whole and of this run; others are told of with the reason.
  std::optional<SnapshotFile> newest(const SnapshotHead& run);
  /// Whether one is due, `seconds` of real time after the process began the run; the next is due
  /// that much later.
  bool is_due(double seconds, const Simulation& simulation);
  /// Keeps one, whether due or not. Where it cannot be written, which is told once, false.
  bool keep(const SnapshotHead& head, const StateWalk& walk);
  /// Where files of the result wait that are made on the way.
  std::filesystem::path folder_of_results() const { return folder_ / "results"; }
  /// Removes these, unless another process uses the folder.
  void remove_results();
  /// Makes the folder and takes it for this process: whether it is its own.
  bool take_folder();
  /// Removes all of them: the run starts from its beginning, or has ended.
  void remove();

 private:
  bool lock();  // whether the folder is this process's
  void remove_named(bool (*is_meant)(const std::string& name)) const;

  std::filesystem::path folder_;
  SnapshotPlan plan_;
  std::unique_ptr<FolderLock> lock_;
  bool told_ = false;        // that none can be kept
  double last_seconds_ = 0;  // when one was due
  std::int64_t last_step_ = 0;
};

}  // namespace byzsim
