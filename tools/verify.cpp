#include <fmt/format.h>

#include "adversaries/attack.h"
#include "adversaries/scheduler.h"
#include "core/floating_point.h"
#include "sim/scenario_json.h"
#include "tools/interrupt.h"
#include "tools/progress.h"
#include "tools/replay.h"
#include "tools/verbs.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

// Everything that a run decides; not where, when and by which program it was made.
constexpr const char* kComparedKeys[] = {"name",
                                         "id",
                                         "seed",
                                         "status",
                                         "steps",
                                         "events",
                                         "messages",
                                         "bytes",
                                         "final",
                                         "simulated_seconds",
                                         "diverged_at_step",
                                         "deliveries"};

std::string text_of(const Json& json) {
  return json.is_string() ? json.get<std::string>() : brief(json);
}

void refuse_other_profile(const Json& run, const fs::path& directory) {
  if (run["profile"] == kNumericProfile) return;
  throw InputError({(directory / "run.json").string(),
                    fmt::format("was made under the numeric profile {}, and this program has {}: "
                                "their bits are not comparable",
                                brief(run["profile"]), kNumericProfile),
                    "verify it with a program of the same profile"});
}

// What differs between the stored result and the one just made, a line each.
std::vector<std::string> differences(const RunFiles& kept, const Json& stored,
                                     const RunFiles& made) {
  const Json now = Json::parse(made.run_json);
  std::vector<std::string> lines;
  for (const auto& [layer, digest] : now["digest"].items()) {
    const Json expected =
        stored["digest"].is_object() ? stored["digest"].value(layer, Json()) : Json();
    if (expected != digest)
      lines.push_back(
          fmt::format("digest {}: stored {}, now {}", layer, text_of(expected), text_of(digest)));
  }
  for (const char* key : kComparedKeys)
    if (stored.value(key, Json()) != now[key])
      lines.push_back(fmt::format("{}: stored {}, now {}", key, brief(stored.value(key, Json())),
                                  brief(now[key])));
  if (kept.metrics_csv != made.metrics_csv) lines.push_back("metrics.csv: other bytes");
  if (kept.gathers_csv != made.gathers_csv) lines.push_back("gathers.csv: other bytes");
  return lines;
}

// The stored scenario; its mistakes name the file they stand in.
Scenario stored_scenario(const Json& stored, const fs::path& directory) {
  try {
    return read_scenario(stored["scenario"], adversary_declarations());
  } catch (const InputError& error) {
    Issues issues = error.issues();
    for (Issue& issue : issues)
      issue.where = (directory / "run.json").string() + ": /scenario" + issue.where;
    throw InputError(issues);
  }
}

}  // namespace

int verify(const Options& options) {
  const fs::path directory = options.argument;
  const Json stored = read_run(directory);
  const fs::path gathers = directory / "gathers.csv";
  const RunFiles kept{"", read_text(directory / "metrics.csv"),
                      fs::exists(gathers) ? read_text(gathers) : ""};
  refuse_other_profile(stored, directory);
  const Scenario scenario = stored_scenario(stored, directory);
  watch_for_interrupt();
  Progress progress(scenario.name, scenario.steps, options.quiet);
  Replay replay(scenario, options.threads);
  while (const auto occurrence = replay.simulation.advance()) {
    if (interrupted()) {
      fmt::print(stderr, "interrupted: not verified\n");
      return kInterrupted;
    }
    if (occurrence->kind == EventKind::computed) progress.show(double(replay.simulation.step()));
  }
  replay.simulation.finish();
  const RunFiles made =
      run_files(replay.simulation, adversary_declarations(), status_of(replay.simulation),
                {progress.seconds(), options.threads});
  const std::vector<std::string> lines = differences(kept, stored, made);
  if (lines.empty()) {
    fmt::print("verified: digest {}\n", replay.simulation.digest().run_hex());
    return kDone;
  }
  fmt::print("not the same run:\n");
  for (const std::string& line : lines) fmt::print("  {}\n", line);
  return kDigestMismatch;
}

}  // namespace byzsim
