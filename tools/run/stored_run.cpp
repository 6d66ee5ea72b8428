#include "tools/run/stored_run.h"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "adversaries/known_strategies.h"
#include "core/exact/floating_point.h"
#include "core/input/input_file.h"
#include "core/input/issue.h"
#include "sim/scenario/scenario_inputs.h"
#include "tools/input/csv_table.h"
#include "tools/input/plugins.h"
#include "tools/input/scenario_source.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

// How this machine went about it, by which program; and where files lay that are compared apart.
constexpr const char* kNotDetermined[] = {"machine", "provenance", "inputs", "foreign"};

// Without what else a result tells, and without where plugins lay: their digests count.
void leave_determined(Json& run) {
  for (const char* key : kNotDetermined) run.erase(key);
  for (const char* place : {"/plugins", "/scenario/plugins"}) {
    const Json::json_pointer plugins(place);
    if (!run.contains(plugins) || !run[plugins].is_array()) continue;
    for (Json& each : run[plugins])
      if (each.is_object()) each.erase("file");
  }
}

// The places where two values differ, each with what stands there; objects go key by key.
void add_differences(const std::string& where, const Json& stored, const Json& now,
                     std::vector<std::string>& lines) {
  // Whole values first: equal parts of a large run.json cost one comparison.
  if (stored == now) return;
  if (!stored.is_object() || !now.is_object()) {
    lines.push_back(fmt::format("{}: stored {}, now {}", where, brief(stored), brief(now)));
    return;
  }
  const auto place = [&](const std::string& key) {
    return where.empty() ? key : where + (where == "digest" ? " " : "/") + key;
  };
  for (const auto& [key, value] : now.items())
    add_differences(place(key), stored.value(key, Json()), value, lines);
  for (const auto& [key, value] : stored.items())
    if (!now.contains(key)) add_differences(place(key), value, Json(), lines);
}

// The list without the line of run.json, which holds what a run does not decide.
std::string decided_checksums(const std::string& list) {
  std::string kept;
  std::istringstream lines(list);
  for (std::string line; std::getline(lines, line);)
    if (!line.ends_with("  run.json")) kept += line + "\n";
  return kept;
}

std::string text_of(const Json& json) {
  return json.is_string() ? json.get<std::string>() : brief(json);
}

void refuse_other_profile(const Json& run, const fs::path& directory) {
  const std::string now = profile_of(run["scenario"]);
  if (run["profile"] == now) return;
  throw InputError({(directory / "run.json").string(),
                    fmt::format("was made under the numeric profile {}, but this program has {}; "
                                "their results are not comparable",
                                brief(run["profile"]), now),
                    "verify it with a program of the same profile"});
}

void refuse_other_digest(const Json& run, const fs::path& directory) {
  const Json digest = run.value("digest", Json());
  // Digests without a number are of the first version.
  const int version = digest.is_object() ? digest.value("version", 1) : 1;
  if (version == kDigestVersion) return;
  throw InputError({(directory / "run.json").string(),
                    fmt::format("holds digests of version {}, but those of this program are of "
                                "version {}; they cannot be compared",
                                version, kDigestVersion),
                    "run the scenario again, or verify it with the program that made it"});
}

// The stored scenario; its mistakes name the file they stand in.
Scenario stored_scenario(const Json& stored, const fs::path& directory) {
  Json scenario = stored["scenario"];
  // Plugins first: the scenario may name what they add.
  load_plugins_of(scenario, directory);
  try {
    InputFiles files;
    return read_with_inputs(scenario, files);
  } catch (const InputError& error) {
    Issues issues = error.issues();
    for (Issue& issue : issues)
      issue.where = (directory / "run.json").string() + ": /scenario" + issue.where;
    throw InputError(issues);
  }
}

void require_run(const fs::path& directory) {
  if (fs::exists(directory / "run.json")) return;
  if (fs::exists(directory / "plan.jsonl"))
    throw InputError({directory.string(), "is a sweep, not a run (run.json)",
                      "give one of the directories in " + (directory / "runs").string()});
  throw InputError(
      {directory.string(), "contains no run (run.json)", "give a directory written by byzsim run"});
}

// A file of the directory; empty where it is absent.
std::string text_if_there(const fs::path& file) { return fs::exists(file) ? read_text(file) : ""; }

std::uint64_t number_of(const std::string& text, int radix, const std::string& where) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, radix);
  if (error != std::errc() || end != text.data() + text.size())
    throw InputError({where,
                      fmt::format("contains \"{}\", which is not a {}", text,
                                  radix == 16 ? "digest" : "number of an event"),
                      "delete the directory and run it again"});
  return number;
}

// What run.json says of the end.
DigestRow last_digests(const StoredRun& run) {
  const std::string file = (run.directory / "run.json").string();
  DigestRow row{number_of(text_of(run.json.value("events", Json())), 10, file + ": /events"), {}};
  for (std::size_t i = 0; i < kEventLayers.size(); ++i) {
    const Json& digest = run.json["digest"];
    const Json layer = digest.is_object() ? digest.value(kEventLayers[i], Json()) : Json();
    row.layers[i] =
        number_of(text_of(layer), 16, fmt::format("{}: /digest/{}", file, kEventLayers[i]));
  }
  return row;
}

}  // namespace

fs::path directory_of_run(const fs::path& named) {
  const bool file = named.filename() == "run.json" && fs::is_regular_file(named);
  return file ? named.parent_path() : named;
}

StoredRun read_stored_run(const fs::path& named) {
  const fs::path directory = directory_of_run(named);
  require_run(directory);
  Json json = read_run(directory);
  std::string metrics_csv = read_text(directory / "metrics.csv");
  std::string gathers_csv = text_if_there(directory / "gathers.csv");
  std::string digests_csv = text_if_there(directory / "digests.csv");
  std::string checksums = text_if_there(directory / kChecksumsFile);
  // Before any replay: of another profile every digest would differ, and say nothing.
  refuse_other_profile(json, directory);
  refuse_other_digest(json, directory);
  Scenario scenario = stored_scenario(json, directory);
  return {directory,
          std::move(json),
          std::move(metrics_csv),
          std::move(gathers_csv),
          std::move(digests_csv),
          std::move(checksums),
          std::move(scenario)};
}

std::vector<DigestRow> stored_digests(const StoredRun& run) {
  const std::string file = (run.directory / "digests.csv").string();
  const CsvTable table = parse_csv(run.digests_csv, file);
  if (!run.digests_csv.empty() && table.columns != digest_columns())
    throw InputError({file, "has other columns than a digests.csv of byzsim",
                      "delete the directory and run it again"});
  std::vector<DigestRow> rows;
  for (const std::vector<std::string>& cells : table.rows) {
    DigestRow row{number_of(cells[0], 10, file), {}};
    for (std::size_t i = 0; i < row.layers.size(); ++i)
      row.layers[i] = number_of(cells[i + 1], 16, file);
    rows.push_back(row);
  }
  // A short run has no row of digests.csv at all; its end is always known.
  rows.push_back(last_digests(run));
  for (std::size_t i = 1; i < rows.size(); ++i)
    if (rows[i].event < rows[i - 1].event)
      throw InputError(
          {file, fmt::format("events out of order: {} after {}", rows[i].event, rows[i - 1].event),
           "delete the directory and run it again"});
  return rows;
}

std::vector<std::string> changed_inputs(const StoredRun& run) {
  const Json stored = run.json.value("inputs", Json());
  // Written back it must be the same: what cannot be read would silently count as no file.
  if (write_inputs(read_inputs(stored)) != stored)
    return {"inputs: stored " + brief(stored) + ", which is no list of files"};
  return changed_inputs(read_inputs(run.json.value("inputs", Json())), run.scenario.inputs);
}

RunResult replayed_result(const StoredRun& stored, const Simulation& replayed,
                          const MachineUse& machine) {
  RunResult made = result_of(replayed, scenario_tables(), status_of(replayed), machine);
  // A sweep, say, keeps none, whatever its scenario says.
  if (stored.json.contains("models")) made.models = kept_models(replayed);
  return made;
}

std::vector<std::string> differences(const StoredRun& run, const RunResult& result) {
  std::vector<std::string> lines = changed_inputs(run);
  Json stored = run.json, now = to_json(result);
  for (Json* each : {&stored, &now}) leave_determined(*each);
  add_differences("", stored, now, lines);
  const RunFiles made = files_of(result);
  if (run.metrics_csv != made.metrics_csv) lines.push_back("metrics.csv differs");
  if (run.gathers_csv != made.gathers_csv) lines.push_back("gathers.csv differs");
  // Absent on one side, so that a bisection would have no rows to begin with.
  if (run.digests_csv.empty() != made.digests_csv.empty())
    lines.push_back("digests.csv differs");
  else if (run.digests_csv != made.digests_csv)
    lines.push_back(
        fmt::format("digests.csv differs; byzsim bisect {} finds the first event that differs",
                    run.directory.string()));
  for (const auto& [name, digest] : made.models) {
    const fs::path file = run.directory / name;
    if (!fs::is_regular_file(file))
      lines.push_back(fmt::format("{}: no such file", name));
    else if (read_input_file(file.string()).digest != digest)
      lines.push_back(fmt::format("{} differs", name));
  }
  const std::string list = with_checksums({{"metrics.csv", made.metrics_csv},
                                           {"gathers.csv", made.gathers_csv},
                                           {"digests.csv", made.digests_csv}},
                                          made.models)
                               .back()
                               .second;
  if (decided_checksums(run.checksums) != list)
    lines.push_back(fmt::format("{} differs", kChecksumsFile));
  return lines;
}

}  // namespace byzsim
