#include "tools/stored_run.h"

#include <fmt/format.h>

#include "adversaries/attack.h"
#include "adversaries/scheduler.h"
#include "core/floating_point.h"
#include "core/issue.h"
#include "sim/scenario_json.h"

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

StoredRun read_stored_run(const fs::path& directory) {
  Json json = read_run(directory);
  std::string metrics_csv = read_text(directory / "metrics.csv");
  const fs::path gathers = directory / "gathers.csv";
  std::string gathers_csv = fs::exists(gathers) ? read_text(gathers) : "";
  refuse_other_profile(json, directory);
  Scenario scenario = stored_scenario(json, directory);
  return {directory, std::move(json), std::move(metrics_csv), std::move(gathers_csv),
          std::move(scenario)};
}

std::vector<std::string> differences(const StoredRun& run, const RunFiles& made) {
  const Json& stored = run.json;
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
  if (run.metrics_csv != made.metrics_csv) lines.push_back("metrics.csv: other bytes");
  if (run.gathers_csv != made.gathers_csv) lines.push_back("gathers.csv: other bytes");
  return lines;
}

}  // namespace byzsim
