#include "tools/report/drawn_run.h"

#include "tools/report/branches.h"
#include "tools/report/graph_picture.h"
#include "tools/report/server_distances.h"
#include "tools/report/timeline.h"

namespace byzsim {

std::optional<DrawnRun> draw_run(const Scenario& scenario, Replay& replay, Progress& progress,
                                 std::int64_t from, std::int64_t messages) {
  DrawnRun made;
  if (const auto& origin = scenario.origin)
    made.data["branch"] = {{"trunk", origin->trunk->name},
                           {"changes", changes_of(*origin->trunk, scenario)},
                           {"parting", moment_json(replay.simulation)}};
  Timeline timeline(scenario, replay.simulation.now(), from, static_cast<std::size_t>(messages));
  ServerDistances distances(replay.workload);
  // A step is complete once it has its row.
  const auto complete_rows = [&] {
    const std::vector<MetricsRow>& rows = replay.simulation.metrics();
    if (!rows.empty()) distances.complete(rows.back().step);
  };
  if (!advance_to_end(replay, progress, [&](const Occurrence& occurrence) {
        timeline.see(occurrence);
        distances.see(occurrence);
        complete_rows();
      }))
    return {};
  complete_rows();
  made.data["timeline"] = timeline.to_json();
  made.data["distances"] = distances.to_json();
  if (const auto& graphs = replay.workload->scenario().graphs)
    made.data["graph"] = graph_json(*graphs);
  made.blocks = timeline.blocks();
  made.is_full = timeline.is_full();
  return made;
}

}  // namespace byzsim
