#include "tools/run/resumable_run.h"

#include <algorithm>
#include <utility>

#include "adversaries/known_strategies.h"
#include "adversaries/plugins/plugin_library.h"
#include "sim/scenario/scenario_json.h"
#include "tools/line/output.h"

namespace byzsim {
namespace {

// No snapshot can look into what a plugin keeps for itself.
SnapshotPlan possible_plan(const Scenario& scenario, const SnapshotPlan& plan) {
  const auto found = std::find_if(scenario.plugins.begin(), scenario.plugins.end(), keeps_state);
  if (plan.never() || found == scenario.plugins.end()) return plan;
  tell("note: no snapshots are kept: plugin {} keeps state of its own\n", found->file);
  return {};
}

}  // namespace

ResumableRun::ResumableRun(Replay& replay, const std::filesystem::path& directory,
                           SnapshotPlan plan, std::vector<std::string> held_beside,
                           StateWalk walk_beside)
    : replay_(replay),
      directory_(directory),
      held_beside_(std::move(held_beside)),
      walk_beside_(std::move(walk_beside)),
      snapshots_(directory, possible_plan(replay.workload->scenario(), plan)) {}

const SnapshotHead& ResumableRun::head() {
  if (!head_) {
    const Scenario& scenario = replay_.workload->scenario();
    head_ = head_of(replay_.simulation, scenario_id(scenario, scenario_tables()),
                    write_scenario(scenario, scenario_tables()), held_beside_);
  }
  return *head_;
}

std::optional<SnapshotHead> ResumableRun::resume() {
  std::optional<SnapshotFile> file = snapshots_.any() ? snapshots_.newest(head()) : std::nullopt;
  if (!file) {
    snapshots_.remove_results();  // of a run that this one does not go on with
    return std::nullopt;
  }
  file->read([&](Archive& archive) { walk(archive); });
  seconds_before_ = file->head().wall_seconds;
  return file->head();
}

void ResumableRun::keep_if_due(double seconds) {
  if (snapshots_.is_due(seconds, replay_.simulation)) keep(seconds);
}

void ResumableRun::keep(double seconds) {
  if (replay_.simulation.waiting().most_stored > 0) {
    if (!std::exchange(told_, true))
      tell(
          "note: no further snapshots are kept: vectors that wait for slow nodes are on disk, and "
          "would all come back to memory\n");
    kept_last_ = false;
    return;
  }
  SnapshotHead now = head_of(replay_.simulation, head());
  now.wall_seconds = seconds_before_ + seconds;
  kept_last_ = snapshots_.keep(now, [&](Archive& archive) { walk(archive); });
}

BegunDirectory ResumableRun::begun_directory() {
  // Other runs put nothing there, and need no folder.
  if (!replay_.workload->scenario().keeps_models_every() || !snapshots_.take_folder())
    return BegunDirectory(directory_);
  return {directory_, snapshots_.folder_of_results()};
}

void ResumableRun::walk(Archive& archive) {
  replay_.simulation.walk(archive);
  if (walk_beside_) walk_beside_(archive);
}

}  // namespace byzsim
