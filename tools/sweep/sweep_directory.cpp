#include "tools/sweep/sweep_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>

#include "core/exact/digest.h"
#include "core/input/json_fields.h"
#include "core/input/printable.h"
#include "core/input/units.h"
#include "sim/results/checksums.h"
#include "sim/results/provenance.h"
#include "sim/results/results.h"
#include "sim/scenario/scenario_inputs.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

Json line_of(const Plan& plan, const Point& point) {
  Json axes = Json::object();
  for (std::size_t i = 0; i < plan.columns.size(); ++i) axes[plan.columns[i]] = point.values[i];
  return {
      {"index", point.index}, {"id", point.id}, {"seed", seed_json(point.seed)}, {"axes", axes}};
}

std::optional<std::uint64_t> seed_in(const Json& json) {
  // Seeds above 2^53 are text (seed_json): many readers of JSON would round them.
  if (json.is_number_unsigned()) return json.get<std::uint64_t>();
  if (!json.is_string()) return std::nullopt;
  const auto seed = parse_seed(json.get<std::string>());
  return seed ? std::optional(static_cast<std::uint64_t>(*seed)) : std::nullopt;
}

bool is_id(const Json& json) {
  if (!json.is_string()) return false;
  const std::string text = json.get<std::string>();
  return text.size() == 16 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// Nothing where the line is no point, or one of a plan with other axes.
std::optional<Point> point_in(const Json& line, Plan& plan) {
  if (!line.is_object()) return std::nullopt;
  const Json index = line.value("index", Json()), id = line.value("id", Json());
  const Json axes = line.value("axes", Json());
  const auto seed = seed_in(line.value("seed", Json()));
  if (!index.is_number_unsigned() || !is_id(id) || !seed || !axes.is_object()) return std::nullopt;
  Point point{index.get<std::uint64_t>(), id.get<std::string>(), *seed, {}};
  std::vector<std::string> columns;
  for (const auto& [column, value] : axes.items()) {
    columns.push_back(column);
    point.values.push_back(value);
  }
  // The first line says which axes there are; the others must agree.
  if (plan.points.empty()) plan.columns = columns;
  return plan.columns == columns ? std::optional(point) : std::nullopt;
}

Issue no_sweep(const fs::path& directory) {
  return {directory.string(), "contains no sweep (plan.jsonl)", "byzsim sweep run starts one"};
}

// Whether another process of the same sweep may have begun to make the directory.
bool may_become_sweep(const fs::path& directory) {
  if (!fs::exists(directory)) return true;
  if (!fs::is_directory(directory)) return false;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    // Prefixes, because files that are being written have a suffix until they are renamed.
    if (!name.starts_with("sweep.json") && !name.starts_with("plan.jsonl") && name != "runs")
      return false;
  }
  return true;
}

// sweep.json of a directory; an empty object where it is missing or damaged.
Json sweep_there(const fs::path& directory) {
  const fs::path file = directory / "sweep.json";
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return Json::object();
  const Json sweep = Json::parse(read_text(file), nullptr, false);
  return sweep.is_object() ? sweep : Json::object();
}

// Why a directory with another plan is none to go on in.
std::string other_sweep(const fs::path& directory, const Plan& plan) {
  const auto inputs = read_inputs(sweep_there(directory).value("inputs", Json()));
  const std::vector<std::string> changed = changed_inputs(inputs, plan.inputs);
  if (changed.empty()) return "contains another sweep, or one of another version of byzsim";
  return fmt::format("contains this sweep on other input files, or another sweep: {}",
                     fmt::join(changed, "; "));
}

void add_damage(const fs::path& run, Issues& damage) {
  for (Issue issue : damage_in(run)) {
    issue.problem += ", so that the run counts as missing";
    issue.remedy = "byzsim sweep run makes it again";
    damage.push_back(issue);
  }
}

}  // namespace

std::string write_plan(const Plan& plan) {
  std::string text;
  for (const Point& point : plan.points) text += line_of(plan, point).dump() + "\n";
  return text;
}

Plan read_plan(const fs::path& directory) {
  const fs::path file = directory / "plan.jsonl";
  if (!fs::exists(file)) throw InputError(no_sweep(directory));
  const char* remedy = "delete it, and byzsim sweep run writes it again";
  const std::string text = read_text(file);
  std::istringstream stream(text);
  Plan plan;
  for (std::string line; std::getline(stream, line);) {
    const auto point = point_in(Json::parse(line, nullptr, false), plan);
    if (!point)
      throw InputError({file.string(),
                        fmt::format("line {} is not a point of a plan", plan.points.size() + 1),
                        remedy});
    plan.points.push_back(*point);
  }
  if (plan.points.empty()) throw InputError({file.string(), "has no points", remedy});
  const Json sweep = sweep_there(directory);
  // Lines that were cut off at the end still read as a plan, of fewer runs.
  if (sweep.contains("plan") && sweep["plan"] != to_hex(digest_of(text)))
    throw InputError({file.string(), "was cut or changed since byzsim wrote it", remedy});
  return plan;
}

fs::path default_sweep_directory(const Sweep& sweep, const Plan& plan) {
  // Of the plan alone: the same points are one directory, however they were asked for.
  return fs::path("results") / sweep.name / ("sweep-" + to_hex(digest_of(write_plan(plan))));
}

void prepare_directory(const fs::path& directory, const Json& sweep, const Plan& plan) {
  const fs::path file = directory / "plan.jsonl";
  const std::string text = write_plan(plan);
  if (fs::exists(file)) {
    // Another process may have made it just now; the same plan is the same sweep.
    if (read_text(file) == text) return;
    throw InputError({directory.string(), other_sweep(directory, plan),
                      "choose another directory with --out DIR"});
  }
  if (!may_become_sweep(directory))
    throw InputError({directory.string(), "contains something other than a sweep",
                      "choose another directory with --out DIR"});
  std::error_code error;
  fs::create_directories(directory / "runs", error);
  if (error)
    throw InputError({directory.string(), "cannot write: " + error.message(),
                      "choose another directory with --out DIR"});
  Json kept = sweep;
  if (!plan.inputs.empty()) kept["inputs"] = write_inputs(plan.inputs);
  kept["plan"] = to_hex(digest_of(text));
  // plan.jsonl last: where it stands, the directory is complete.
  write_whole(directory / "sweep.json", kept.dump(2) + "\n");
  write_whole(file, text);
}

fs::path run_directory(const fs::path& directory, const std::string& id) {
  return directory / "runs" / id;
}

RunState state_of_run(const fs::path& directory, const std::string& id) {
  const fs::path run = run_directory(directory, id);
  const DirectoryState state = inspect_directory(run, id);
  // Results count before an error that an earlier attempt left.
  if (state == DirectoryState::same_run) return RunState::done;
  return state == DirectoryState::other && fs::exists(run / "error.json") ? RunState::failed
                                                                          : RunState::missing;
}

void write_failure(const fs::path& directory, const Point& point, const Issues& issues) {
  Json errors = Json::array();
  for (const Issue& issue : issues)
    // A path may hold bytes that JSON cannot.
    errors.push_back({{"where", printable(issue.where)},
                      {"problem", printable(issue.problem)},
                      {"remedy", printable(issue.remedy)}});
  const Json json = {{"id", point.id},
                     {"index", point.index},
                     {"version", provenance().version},
                     {"errors", errors}};
  // In the run's own place, which a later attempt replaces.
  write_directory(run_directory(directory, point.id), {{"error.json", json.dump(2) + "\n"}}, true);
}

std::string read_failure(const fs::path& directory, const std::string& id) {
  const fs::path file = run_directory(directory, id) / "error.json";
  const Json json = parse_json(read_text(file), file.string());
  return read_fields(file.string(), "byzsim sweep run repeats the run", [&] {
    std::string text;
    for (const Json& error : json.value("errors", Json::array()))
      text += (text.empty() ? "" : "\n") +
              to_string(Issue{error.value("where", ""), error.value("problem", ""),
                              error.value("remedy", "")});
    return text;
  });
}

std::vector<const Point*> distinct_runs(const Plan& plan) {
  std::vector<const Point*> runs;
  std::set<std::string_view> seen;
  for (const Point& point : plan.points)
    if (seen.insert(point.id).second) runs.push_back(&point);
  return runs;
}

void remove_leftovers(const fs::path& directory) {
  std::vector<fs::path> leftovers;
  for (const auto& entry : fs::directory_iterator(directory / "runs"))
    // Names of directories that were never renamed to their final one.
    if (entry.path().filename().string().find(".tmp-") != std::string::npos)
      leftovers.push_back(entry.path());
  std::error_code ignored;  // they do no harm
  for (const fs::path& leftover : leftovers) fs::remove_all(leftover, ignored);
}

std::vector<const Point*> SweepState::left() const {
  // Failed runs come last: what has never been tried may still succeed.
  std::vector<const Point*> points = missing;
  points.insert(points.end(), failed.begin(), failed.end());
  return points;
}

SweepState state_of_sweep(const fs::path& directory, const Plan& plan) {
  SweepState state;
  for (const Point* point : distinct_runs(plan)) {
    const RunState run = state_of_run(directory, point->id);
    (run == RunState::done     ? state.done
     : run == RunState::failed ? state.failed
                               : state.missing)
        .push_back(point);
    const fs::path there = run_directory(directory, point->id);
    if (run == RunState::missing && fs::exists(there)) add_damage(there, state.damage);
  }
  return state;
}

std::string runs_of_points(const Plan& plan, std::size_t runs) {
  const std::size_t points = plan.points.size();
  std::string text = fmt::format("{} {}", runs, runs == 1 ? "run" : "runs");
  if (runs != points) text += fmt::format(" for {} points", points);
  return text;
}

}  // namespace byzsim
