#include "sim/results/results.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "core/exact/digest.h"
#include "core/exact/floating_point.h"
#include "core/input/units.h"
#include "core/machine/memory.h"
#include "sim/results/provenance.h"
#include "sim/scenario/node_name.h"
#include "sim/scenario/scenario_inputs.h"
#include "sim/scenario/scenario_json.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

template <class Value>
Json value_or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

// "run" covers the layers that follow it; the digest of the metrics stands beside them.
Json digest_json(const RunResult& result) {
  Json json = {{"version", kDigestVersion}, {"run", result.digest.run_hex()}};
  for (const auto& [name, layer] : result.digest.layers()) json[name] = layer->hex();
  json["metrics"] = digest_of(result.metrics).hex();
  return json;
}

Json final_json(const std::vector<MetricsRow>& rows) {
  const MetricsRow last = rows.empty() ? MetricsRow{} : rows.back();
  Json json = {{"accuracy", value_or_null(last.accuracy)},
               {"accuracy_worst", value_or_null(last.accuracy_worst)},
               {"loss", value_or_null(last.loss)},
               {"drift", value_or_null(last.drift)}};
  if (last.attack_success) json["attack_success"] = *last.attack_success;
  if (last.validation_accuracy) json["validation_accuracy"] = *last.validation_accuracy;
  return json;
}

Json deliveries_json(const VerdictCounts& counts) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kVerdicts; ++i) json[to_string(static_cast<Verdict>(i))] = counts[i];
  return json;
}

Json by_phase_json(const std::array<std::uint64_t, kPhases>& counts) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kPhases; ++i)
    // Most protocols use a few phases of all.
    if (counts[i] > 0) json[to_string(static_cast<Phase>(i))] = counts[i];
  return json;
}

Json models_json(const std::vector<KeptModel>& models, bool on_graph) {
  Json list = Json::array();
  for (const KeptModel& each : models)
    list.push_back({{"file", each.file},
                    {name_of_role(on_graph, Role::server), each.server},
                    {"step", each.step},
                    {"digest", each.digest},
                    {"bytes", each.bytes}});
  return list;
}

Json expectations_json(const std::vector<Verified>& expectations) {
  Json list = Json::array();
  for (const Verified& each : expectations)
    list.push_back({{"metric", each.expectation.metric},
                    {"at", to_string(each.expectation.at)},
                    {"relation", to_string(each.expectation.relation)},
                    {"value", each.expectation.value},
                    {"measured", value_or_null(each.measured)},
                    {"holds", each.holds}});
  return list;
}

constexpr std::size_t kMostUnusedTold = 10;

// What a script says of messages that were never sent.
Json script_json(const std::vector<std::string>& unused) {
  const auto told = static_cast<std::ptrdiff_t>(std::min(unused.size(), kMostUnusedTold));
  return {{"unused", unused.size()},
          {"first_unused", std::vector<std::string>(unused.begin(), unused.begin() + told)}};
}

Json fates_json(const std::vector<NodeFates>& fates, bool one_role) {
  Json list = Json::array();
  for (const NodeFates& each : fates) {
    Json first = Json::array();
    for (const auto& [node, steps] : each.first)
      first.push_back({{"node", name_of_node(one_role, node)}, {"steps", steps}});
    list.push_back({{"fault", each.fault}, {"nodes", each.nodes}, {"first", first}});
  }
  return list;
}

// Seconds that an honest node waited for a quorum, on average.
double mean_wait(const Totals& totals, Role role) {
  const auto index = static_cast<std::size_t>(role);
  return totals.waits[index] == 0
             ? 0
             : totals.waited[index] / 1e9 / static_cast<double>(totals.waits[index]);
}

Json waits_json(const Totals& totals, bool on_graph) {
  if (on_graph) return {{"nodes", mean_wait(totals, Role::server)}};
  return {{"servers", mean_wait(totals, Role::server)},
          {"workers", mean_wait(totals, Role::worker)}};
}

// Whether a directory is that of the run, whatever has become of its files: run.json says so, or
// what is left of it, or the name that such a directory has.
bool is_of_run(const fs::path& directory, const std::string& id) {
  const fs::path file = directory / "run.json";
  std::error_code error;
  const bool named = directory.filename() == id && fs::exists(directory / kChecksumsFile, error);
  if (!fs::is_regular_file(file, error)) return named;
  const std::string text = read_text(file);
  const Json run = Json::parse(text, nullptr, false);
  // A whole run.json decides alone: a directory may have been renamed.
  if (run.is_object()) return run.value("id", Json()) == id;
  // Cut JSON does not parse, but its beginning holds the id.
  return named || text.find(fmt::format("\"id\": \"{}\"", id)) != std::string::npos;
}

// The names of all files in a directory that are those of kept models.
std::vector<std::string> models_in(const fs::path& directory) {
  std::vector<std::string> names;
  if (!fs::is_directory(directory / "models")) return names;
  for (const auto& entry : fs::recursive_directory_iterator(directory / "models"))
    if (const std::string name = entry.path().lexically_relative(directory).generic_string();
        names_kept_model(name))
      names.push_back(name);
  return names;
}

// JSON that byzsim wrote itself.
Json parse_run(const std::string& text, const fs::path& file) {
  const char* remedy = "run it again, or put the file back as it was";
  if (text.empty()) throw InputError({file.string(), "is empty", remedy});
  try {
    return parse_json(text, file.string());
  } catch (const InputError& error) {
    throw InputError({file.string(),
                      "was cut or changed since byzsim wrote it: " + error.issues().front().problem,
                      remedy});
  }
}

Json parallelism_json(const RunResult& result) {
  return {{"work", result.work},
          {"span", result.span},
          {"speed_up", result.span > 0 ? Json(result.work / result.span) : Json()}};
}

std::string metrics_csv(const std::vector<MetricsRow>& rows) {
  std::string csv = metrics_header() + "\n";
  for (const MetricsRow& row : rows) csv += to_csv(row) + "\n";
  return csv;
}

std::string gathers_csv(const std::vector<MetricsRow>& gathers) {
  // No gather, no file.
  if (gathers.empty()) return "";
  std::string csv = gathers_header() + "\n";
  for (const MetricsRow& row : gathers) csv += gather_to_csv(row) + "\n";
  return csv;
}

}  // namespace

Json provenance_json() {
  const Provenance from = provenance();
  Json libraries = Json::object();
  for (const auto& [name, version] : from.libraries) libraries[name] = version;
  return {{"git", from.git},
          {"compiler", from.compiler},
          {"flags", from.flags},
          {"libraries", libraries}};
}

Json machine_json(const MachineUse& machine) {
  return {{"wall_seconds", machine.wall_seconds},
          {"threads", machine.threads},
          {"peak_bytes", peak_memory_bytes()},
          {"host_cores", std::max(1u, std::thread::hardware_concurrency())}};
}

Json to_json(const RunResult& result) {
  const Totals& totals = result.totals;
  Json json = {{"name", result.scenario.at("name")},
               {"id", result.id},
               {"profile", profile_of(result.scenario)},
               {"seed", seed_json(result.seed)},
               {"version", provenance().version},
               {"status", to_string(result.status)},
               {"definition", result.definition},
               {"digest", digest_json(result)},
               {"plugins", result.scenario.at("plugins")},
               {"inputs", write_inputs(result.inputs)},
               {"steps", result.steps},
               {"events", totals.events},
               {"messages", totals.messages},
               {"bytes", totals.bytes},
               {"simulated_seconds", result.simulated_seconds},
               {"final", final_json(result.metrics)},
               {"diverged_at_step", value_or_null(result.diverged_at_step)},
               {"messages_by_kind", by_phase_json(totals.messages_by_phase)},
               {"bytes_by_kind", by_phase_json(totals.bytes_by_phase)},
               {"deliveries", deliveries_json(totals.verdicts)},
               {"filters",
                {{"accepted", totals.accepted},
                 {"rejected", totals.rejected},
                 {"byzantine_accepted", totals.byzantine_accepted},
                 {"byzantine_rejected", totals.byzantine_rejected}}},
               {"faults",
                {{"lost", totals.lost},
                 {"duplicated", totals.duplicated},
                 {"crashed", result.crashed},
                 {"nodes", fates_json(result.fates, result.scenario.contains("nodes"))}}},
               {"quorum_wait_seconds", waits_json(totals, result.scenario.contains("nodes"))},
               {"parallelism", parallelism_json(result)},
               {"unused", pointers_of(result.unused)},
               {"script", script_json(result.unused_decisions)},
               {"variance_bound", value_or_null(result.variance_bound)},
               {"broken_invariants", Json(result.broken_invariants)},
               {"expectations", expectations_json(result.expectations)},
               {"scenario", result.scenario},
               {"provenance", provenance_json()},
               {"machine", machine_json(result.machine)}};
  if (result.stall) json["stall"] = stall_json(*result.stall);
  if (!result.foreign.is_null()) json["foreign"] = result.foreign;
  if (!result.models.empty())
    json["models"] = models_json(result.models, result.scenario.contains("nodes"));
  return json;
}

RunFiles files_of(const RunResult& result) {
  RunFiles files{to_json(result).dump(2) + "\n", metrics_csv(result.metrics),
                 gathers_csv(result.gathers), digests_to_csv(result.digests), result.id};
  for (const KeptModel& each : result.models) files.models.emplace_back(each.file, each.digest);
  return files;
}

std::vector<std::string> pointers_of(const UnusedSettings& settings) {
  std::vector<std::string> pointers;
  for (const UnusedSetting& each : settings) pointers.push_back(each.where);
  return pointers;
}

fs::path default_directory(const Scenario& scenario, const std::string& id) {
  return fs::path("results") / scenario.name / id;
}

DirectoryState inspect_directory(const fs::path& directory, const std::string& id) {
  std::error_code error;
  if (!fs::exists(directory, error)) return DirectoryState::free;
  if (!fs::is_directory(directory, error)) return DirectoryState::other;
  // A folder that was made for the result beforehand is as good as none.
  if (fs::is_empty(directory, error)) return DirectoryState::free;
  if (!is_of_run(directory, id)) return DirectoryState::other;
  return damage_in(directory).empty() ? DirectoryState::same_run : DirectoryState::damaged_run;
}

Json seed_json(std::uint64_t seed) {
  // Beyond, readers that keep numbers as doubles would round it.
  if (seed <= static_cast<std::uint64_t>(kLargestInteger)) return seed;
  return format_seed(static_cast<std::int64_t>(seed));
}

void write_run(const fs::path& directory, const RunFiles& files, bool replace,
               const BegunDirectory* begun) {
  const auto is_there = [&] {
    return inspect_directory(directory, files.id) == DirectoryState::same_run;
  };
  // Asked before the write: afterwards the run that is there may be this one.
  const bool replaced = replace && is_there();
  NamedTexts all = with_checksums({{"metrics.csv", files.metrics_csv},
                                   {"run.json", files.run_json},
                                   {"gathers.csv", files.gathers_csv},
                                   {"digests.csv", files.digests_csv},
                                   {"error.json", ""},
                                   {"events.jsonl", ""}},  // of the run that was there
                                  files.models);
  // By name alone those that are there already, on the way to this end or of the run before.
  for (const auto& [name, digest] : files.models) all.emplace_back(name, "");
  for (const std::string& name : models_in(directory)) all.emplace_back(name, "");
  all.insert(all.end(), files.final_models.begin(), files.final_models.end());
  try {
    write_directory(directory, all, replace, begun);
  } catch (const InputError&) {
    if (replaced || !is_there()) throw;  // else another process has made the same run meanwhile
  }
}

Json read_run(const fs::path& directory) {
  const fs::path file = directory / "run.json";
  const Json run = parse_run(read_text(file), file);
  for (const char* key : {"id", "profile", "digest", "scenario"})
    if (!run.is_object() || !run.contains(key))
      throw InputError({file.string(),
                        fmt::format("has no \"{}\", so it is not a run.json of byzsim", key),
                        "give a directory written by byzsim run"});
  return run;
}

Json read_whole_run(const fs::path& directory) {
  const Issues damage = damage_in(directory);
  if (!damage.empty()) {
    read_run(directory);  // what is wrong with run.json itself counts first
    throw InputError(damage);
  }
  return read_run(directory);
}

}  // namespace byzsim
