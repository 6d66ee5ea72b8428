#include "tools/sweep/estimate.h"

#include <algorithm>

#include "adversaries/known_strategies.h"
#include "core/input/issue.h"
#include "tools/line/progress.h"
#include "tools/run/replay.h"

namespace byzsim {
namespace {

// An estimate must not take as long as the sweep: a few runs, and a few steps of each.
constexpr std::size_t kMostTimed = 4;
constexpr double kSecondsEach = 0.25, kSecondsMost = 2;
constexpr double kMostBytesOfDigests = 80.0 * DigestIndex::kMostRows;
constexpr std::int64_t kStepsEach = 3, kStepsLeast = 1;

bool timed_enough(const Simulation& simulation, double seconds) {
  return (simulation.step() >= kStepsEach && seconds >= kSecondsEach) ||
         // A slow run is cut off after its first whole step: there is no shorter sample.
         (simulation.step() >= kStepsLeast && seconds >= kSecondsMost);
}

// Of one run. Evaluating a row of metrics may take as long as many steps, and the first rows come
// in the first steps: the two are told apart by what finish() takes for the rows still open.
SweepEstimate begin(const Scenario& scenario) {
  const Progress clock("", 1, true);
  // One thread, as in the sweep itself.
  Replay replay(scenario, 1);
  Simulation& simulation = replay.simulation;
  const double set_up = clock.seconds();
  bool ended = false;
  while (!ended && !timed_enough(simulation, clock.seconds() - set_up))
    ended = !simulation.advance();
  const double advanced = clock.seconds() - set_up;
  const auto rows_before = static_cast<double>(simulation.metrics().size());
  simulation.finish();
  const double finished = clock.seconds() - set_up - advanced;
  const auto rows = static_cast<double>(simulation.metrics().size());

  const double seconds_of_row = rows > rows_before ? finished / (rows - rows_before) : 0;
  const double seconds_of_step = std::max(0.0, advanced - rows_before * seconds_of_row) /
                                 std::max(1.0, double(simulation.step()));
  const double all_rows = double(scenario.steps) / double(scenario.metrics_every) + 1;
  const double seconds =
      ended ? clock.seconds()
            : set_up + seconds_of_step * double(scenario.steps) + seconds_of_row * all_rows;
  const RunFiles files =
      files_of(result_of(simulation, scenario_tables(), status_of(simulation), {seconds, 1}));
  // The index has at most that many rows, however long the run: an upper bound.
  const double digests = ended ? double(files.digests_csv.size()) : kMostBytesOfDigests;
  return {1, seconds,
          double(files.run_json.size()) + digests +
              double(files.metrics_csv.size() + files.gathers_csv.size()) *
                  (ended ? 1 : all_rows / std::max(1.0, rows))};
}

// Mistakes name the run that makes them.
SweepEstimate begin(const Sweep& sweep, const Plan& plan, const Point& point, InputFiles& files) {
  try {
    return begin(scenario_of(sweep, point.index, files));
  } catch (const InputError& error) {
    Issues issues = error.issues();
    for (Issue& issue : issues) issue.where += " (" + describe(plan, point) + ")";
    throw InputError(issues);
  }
}

}  // namespace

SweepEstimate estimate_of(const Sweep& sweep, const Plan& plan,
                          const std::vector<const Point*>& runs) {
  SweepEstimate sum;
  InputFiles files;
  sum.timed = std::min(kMostTimed, runs.size());
  for (std::size_t i = 0; i < sum.timed; ++i) {
    // The middles of equal parts.
    const SweepEstimate one =
        begin(sweep, plan, *runs[(2 * i + 1) * runs.size() / (2 * sum.timed)], files);
    sum.seconds += one.seconds;
    sum.bytes += one.bytes;
  }
  const double scale = sum.timed == 0 ? 0 : double(runs.size()) / double(sum.timed);
  return {sum.timed, sum.seconds * scale, sum.bytes * scale};
}

}  // namespace byzsim
