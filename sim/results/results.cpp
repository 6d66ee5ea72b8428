#include "sim/results/results.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "core/exact/digest.h"
#include "core/exact/floating_point.h"
#include "core/input/units.h"
#include "core/machine/memory.h"
#include "core/rules/rule.h"
#include "sim/results/checksums.h"
#include "sim/results/node_fates.h"
#include "sim/results/provenance.h"
#include "sim/scenario/scenario_inputs.h"
#include "sim/scenario/scenario_json.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

Json number_or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

// Of all that the scenario says: its identity, and what it is called.
std::string definition_of(const Scenario& scenario, const ScenarioTables& tables) {
  Json json = scenario_identity(scenario, tables);
  json["name"] = scenario.name;
  json["summary"] = scenario.summary;
  return to_hex(digest_of(json.dump()));
}

// "run" covers the layers that follow it; the digest of the metrics stands beside them.
Json digest_json(const Simulation& simulation) {
  Json json = {{"version", kDigestVersion}, {"run", simulation.digest().run_hex()}};
  for (const auto& [name, layer] : simulation.digest().layers()) json[name] = layer->hex();
  json["metrics"] = digest_of(simulation.metrics()).hex();
  return json;
}

Json final_json(const std::vector<MetricsRow>& rows) {
  const MetricsRow last = rows.empty() ? MetricsRow{} : rows.back();
  return {{"accuracy", number_or_null(last.accuracy)},
          {"accuracy_worst", number_or_null(last.accuracy_worst)},
          {"loss", number_or_null(last.loss)},
          {"drift", number_or_null(last.drift)}};
}

// The first recorded step whose loss is not finite.
Json diverged_at(const Scenario& scenario, const std::vector<MetricsRow>& rows) {
  if (scenario.numbers == Numbers::none) return nullptr;
  const auto it =
      std::find_if(rows.begin(), rows.end(), [](const MetricsRow& row) { return !row.loss; });
  return it == rows.end() ? Json(nullptr) : Json(it->step);
}

Json deliveries_json(const VerdictCounts& counts) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kVerdicts; ++i) json[to_string(static_cast<Verdict>(i))] = counts[i];
  return json;
}

Json by_phase_json(const std::array<std::uint64_t, kPhases>& counts) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kPhases; ++i)
    if (counts[i] > 0) json[to_string(static_cast<Phase>(i))] = counts[i];
  return json;
}

Json expectations_json(const std::vector<Verified>& expectations) {
  Json list = Json::array();
  for (const Verified& each : expectations)
    list.push_back({{"metric", each.expectation.metric},
                    {"at", to_string(each.expectation.at)},
                    {"relation", to_string(each.expectation.relation)},
                    {"value", each.expectation.value},
                    {"measured", number_or_null(each.measured)},
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

Json pointers_of_unused(const UnusedSettings& settings) {
  Json pointers = Json::array();
  for (const UnusedSetting& each : settings) pointers.push_back(each.where);
  return pointers;
}

// Seconds that an honest node waited for a quorum, on average.
double mean_wait(const Totals& totals, Role role) {
  const auto index = static_cast<std::size_t>(role);
  return totals.waits[index] == 0
             ? 0
             : totals.waited[index] / 1e9 / static_cast<double>(totals.waits[index]);
}

// The ratio below which the workers' rule is proved, at what it hears; null where none is known.
Json variance_bound(const Group& workers) {
  const Rule& rule = rules().at(workers.aggregator.name);
  const auto n = static_cast<int>(*workers.quorum);
  const auto f = static_cast<int>(workers.byzantine.declared);
  if (rule.variance_bound == nullptr || f == 0 || !rule.proven.holds(n, f)) return nullptr;
  return rule.variance_bound(n, f);
}

double share(std::uint64_t part, std::uint64_t rest) {
  return part == 0 ? 0 : static_cast<double>(part) / static_cast<double>(part + rest);
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
  if (run.is_object()) return run.value("id", Json()) == id;
  return named || text.find(fmt::format("\"id\": \"{}\"", id)) != std::string::npos;
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

std::string gathers_csv(const std::vector<MetricsRow>& gathers) {
  if (gathers.empty()) return "";
  std::string csv = gathers_header() + "\n";
  for (const MetricsRow& row : gathers) csv += gather_to_csv(row) + "\n";
  return csv;
}

}  // namespace

const char* to_string(RunStatus status) {
  switch (status) {
    case RunStatus::trained:
      return "trained";
    case RunStatus::diverged:
      return "diverged";
    case RunStatus::stalled:
      return "stalled";
    case RunStatus::out_of_time:
      return "out_of_time";
    case RunStatus::interrupted:
      return "interrupted";
  }
  return "";
}

RunStatus status_of(const Simulation& simulation) {
  if (simulation.trained()) return simulation.diverged() ? RunStatus::diverged : RunStatus::trained;
  return simulation.timed_out() ? RunStatus::out_of_time : RunStatus::stalled;
}

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

RunTotals totals_of_run(const Simulation& simulation) {
  const Totals& totals = simulation.totals();
  double broken = 0;
  for (const auto& [sentence, times] : simulation.invariants().broken())
    broken += static_cast<double>(times);
  const RunStatus status = status_of(simulation);
  return {static_cast<double>(simulation.step()),
          share(totals.accepted, totals.rejected),
          share(totals.byzantine_accepted, totals.byzantine_rejected),
          broken,
          status == RunStatus::stalled,
          status == RunStatus::out_of_time,
          simulation.diverged() ||
              !diverged_at(simulation.workload().scenario(), simulation.metrics()).is_null()};
}

UnusedSettings foreseen_unused(const Simulation& simulation, const ScenarioTables& tables) {
  return those_set(simulation.without_effect(tables), simulation.workload().scenario(), tables);
}

UnusedSettings unused_settings(const Simulation& simulation, const ScenarioTables& tables) {
  UnusedSettings suspects = simulation.without_effect(tables);
  const UnusedSettings more = simulation.never_consulted();
  suspects.insert(suspects.end(), more.begin(), more.end());
  return those_set(suspects, simulation.workload().scenario(), tables);
}

RunFiles run_files(const Simulation& simulation, const ScenarioTables& tables, RunStatus status,
                   const MachineUse& machine) {
  const Scenario& scenario = simulation.workload().scenario();
  const std::vector<MetricsRow>& rows = simulation.metrics();
  const Totals& totals = simulation.totals();
  const Json json = {
      {"name", scenario.name},
      {"id", scenario_id(scenario, tables)},
      {"profile", kNumericProfile},
      {"seed", seed_json(scenario.seed)},
      {"version", provenance().version},
      {"status", to_string(status)},
      {"definition", definition_of(scenario, tables)},
      {"digest", digest_json(simulation)},
      {"plugins", write_scenario(scenario, tables)["plugins"]},
      {"inputs", write_inputs(scenario.inputs)},
      {"steps", simulation.step()},
      {"events", totals.events},
      {"messages", totals.messages},
      {"bytes", totals.bytes},
      {"simulated_seconds", rows.empty() ? 0.0 : rows.back().simulated_seconds},
      {"final", final_json(rows)},
      {"diverged_at_step", diverged_at(scenario, rows)},
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
        {"crashed", simulation.crashed()},
        {"nodes", node_fates(simulation)}}},
      {"quorum_wait_seconds",
       {{"servers", mean_wait(totals, Role::server)},
        {"workers", mean_wait(totals, Role::worker)}}},
      {"unused", pointers_of_unused(unused_settings(simulation, tables))},
      {"script", script_json(simulation.unused_decisions())},
      {"variance_bound", variance_bound(scenario.workers)},
      {"broken_invariants", Json(simulation.invariants().broken())},
      {"expectations", expectations_json(verify(scenario.expect, rows, totals_of_run(simulation)))},
      {"scenario", write_scenario(scenario, tables)},
      {"provenance", provenance_json()},
      {"machine", machine_json(machine)}};
  std::string csv = metrics_header() + "\n";
  for (const MetricsRow& row : rows) csv += to_csv(row) + "\n";
  return {json.dump(2) + "\n", csv, gathers_csv(simulation.gathers()),
          digests_to_csv(simulation.digest_rows())};
}

fs::path default_directory(const Scenario& scenario, const std::string& id) {
  return fs::path("results") / scenario.name / id;
}

DirectoryState inspect_directory(const fs::path& directory, const std::string& id) {
  std::error_code error;
  if (!fs::exists(directory, error)) return DirectoryState::free;
  if (!fs::is_directory(directory, error)) return DirectoryState::other;
  if (fs::is_empty(directory, error)) return DirectoryState::free;
  if (!is_of_run(directory, id)) return DirectoryState::other;
  return damage_in(directory).empty() ? DirectoryState::same_run : DirectoryState::damaged_run;
}

Json seed_json(std::uint64_t seed) {
  if (seed <= static_cast<std::uint64_t>(kLargestInteger)) return seed;
  return format_seed(static_cast<std::int64_t>(seed));
}

void write_run(const fs::path& directory, const RunFiles& files, bool replace) {
  const std::string id = Json::parse(files.run_json).value("id", "");
  const auto is_there = [&] {
    return inspect_directory(directory, id) == DirectoryState::same_run;
  };
  const bool replaced = replace && is_there();
  try {
    write_directory(directory,
                    with_checksums({{"metrics.csv", files.metrics_csv},
                                    {"run.json", files.run_json},
                                    {"gathers.csv", files.gathers_csv},
                                    {"digests.csv", files.digests_csv},
                                    {"error.json", ""},
                                    {"events.jsonl", ""}}),  // of the run that was there
                    replace);
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
