// `byzsim verify`: replays a finished run and compares everything that the scenario determines.
#include <fmt/format.h>

#include "adversaries/attacks/attack.h"
#include "adversaries/known_strategies.h"
#include "tools/line/command.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"
#include "tools/line/progress.h"
#include "tools/line/shared_options.h"
#include "tools/run/replay.h"
#include "tools/run/stored_run.h"

namespace byzsim {
namespace {

int verify(const ReplayOptions& own, const CommonOptions& common) {
  const StoredRun stored = read_stored_run(own.directory);
  watch_for_interrupt();
  Progress progress(stored.scenario.name, stored.scenario.steps, common.quiet);
  Replay replay(stored.scenario, own.threads);
  if (!advance_to_end(replay, progress, [](const Occurrence&) {})) {
    tell("interrupted: not verified\n");
    return kInterrupted;
  }
  const RunResult made =
      replayed_result(stored, replay.simulation, {progress.seconds(), own.threads});
  // More than the digest: tables and totals count, too.
  const std::vector<std::string> lines = differences(stored, made);
  if (lines.empty()) {
    print_text("verified: digest {}\n", replay.simulation.digest().run_hex());
    return kDone;
  }
  print_text("the replay differs from the stored run:\n");
  for (const std::string& line : lines) print_text("  {}\n", line);
  return kDigestMismatch;
}

}  // namespace

Command verify_command() {
  return command("verify", "Replay a finished run and compare the digests",
                 "  byzsim verify results/quickstart/0123456789abcdef\n"
                 "  byzsim verify DIR --threads 1",
                 offer_replay, verify);
}

}  // namespace byzsim
