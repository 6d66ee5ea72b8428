#include "tools/sweep/estimate.h"

#include <algorithm>

#include "adversaries/scheduler.h"
#include "core/issue.h"
#include "tools/progress.h"
#include "tools/replay.h"

namespace byzsim {
namespace {

constexpr std::size_t kMostTimed = 4;
constexpr double kSecondsEach = 0.25;

// Of one run.
Estimate begin(const Scenario& scenario) {
  const Progress clock("", 1, true);
  Replay replay(scenario, 1);
  const double set_up = clock.seconds();
  bool ended = false;
  while (!ended && (replay.simulation.step() < 1 || clock.seconds() < set_up + kSecondsEach))
    ended = !replay.simulation.advance();
  replay.simulation.finish();
  const double steps = std::max(1.0, double(replay.simulation.step()));
  const double scale = ended ? 1 : double(scenario.steps) / steps;
  const double seconds = set_up + (clock.seconds() - set_up) * scale;
  const RunFiles files = run_files(replay.simulation, adversary_declarations(),
                                   status_of(replay.simulation), {seconds, 1});
  const std::size_t table_bytes = files.metrics_csv.size() + files.gathers_csv.size();
  return {1, seconds, double(files.run_json.size()) + double(table_bytes) * scale};
}

// Mistakes name the run that makes them.
Estimate begin(const Sweep& sweep, const Plan& plan, const Point& point) {
  try {
    return begin(scenario_of(sweep, point.index));
  } catch (const InputError& error) {
    Issues issues = error.issues();
    for (Issue& issue : issues) issue.where += " (" + describe(plan, point) + ")";
    throw InputError(issues);
  }
}

}  // namespace

Estimate estimate_of(const Sweep& sweep, const Plan& plan, const std::vector<const Point*>& runs) {
  Estimate sum;
  sum.timed = std::min(kMostTimed, runs.size());
  for (std::size_t i = 0; i < sum.timed; ++i) {
    // The middles of equal parts.
    const Estimate one = begin(sweep, plan, *runs[(2 * i + 1) * runs.size() / (2 * sum.timed)]);
    sum.seconds += one.seconds;
    sum.bytes += one.bytes;
  }
  const double scale = sum.timed == 0 ? 0 : double(runs.size()) / double(sum.timed);
  return {sum.timed, sum.seconds * scale, sum.bytes * scale};
}

}  // namespace byzsim
