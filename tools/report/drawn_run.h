// What the page of a run shows of a replay: its timeline, the distances of its servers, its graph.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/input/json.h"
#include "tools/run/replay.h"

namespace byzsim {

/// Arrivals of messages on a page where nothing else is asked for: about 30 MB of page.
inline constexpr std::int64_t kMostMessages = 2'000'000;

struct DrawnRun {
  Json data;  ///< "timeline", "distances"; "graph" on a graph, "branch" of a branch
  std::vector<std::string> blocks;  ///< of the timeline
  bool is_full = false;             ///< more messages arrived than the page may hold
};

/// Advances a replay of the scenario to its end. The timeline begins with the step `from` and holds
/// `messages` arrivals at most. Nothing once the user interrupts it. Throws what a run throws.
std::optional<DrawnRun> draw_run(const Scenario& scenario, Replay& replay, Progress& progress,
                                 std::int64_t from = 0, std::int64_t messages = kMostMessages);

}  // namespace byzsim
