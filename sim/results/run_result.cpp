#include "sim/results/run_result.h"

#include <algorithm>

#include "core/datasets/npy_file.h"
#include "core/exact/digest.h"
#include "core/exact/floating_point.h"
#include "core/rules/rule.h"
#include "sim/scenario/scenario_json.h"

namespace byzsim {
namespace {

// Of all that the scenario says: its identity, and what it is called.
std::string definition_of(const Scenario& scenario, const ScenarioTables& tables) {
  Json json = scenario_identity(scenario, tables);
  json["name"] = scenario.name;
  json["summary"] = scenario.summary;
  return to_hex(digest_of(json.dump()));
}

// The first recorded step whose loss is not finite.
std::optional<std::int64_t> diverged_at(const Scenario& scenario,
                                        const std::vector<MetricsRow>& rows) {
  // Without numbers no row has a loss, and none has diverged.
  if (scenario.numbers == Numbers::none) return std::nullopt;
  const auto it =
      std::find_if(rows.begin(), rows.end(), [](const MetricsRow& row) { return !row.loss; });
  return it == rows.end() ? std::nullopt : std::optional(it->step);
}

// The ratio below which the workers' rule is proved, at what it hears.
std::optional<double> variance_bound(const Group& workers) {
  const Rule& rule = rules().at(workers.aggregator.name);
  const auto n = static_cast<int>(*workers.quorum);
  const auto f = static_cast<int>(workers.byzantine.declared);
  // Without Byzantine workers any variance will do.
  if (rule.variance_bound == nullptr || f == 0 || !rule.proven.holds(n, f)) return std::nullopt;
  return rule.variance_bound(n, f);
}

bool ended_at_last_step(RunStatus status) {
  return status == RunStatus::trained || status == RunStatus::diverged;
}

double simulated_seconds_of(const Simulation& simulation, RunStatus status) {
  const std::vector<MetricsRow>& rows = simulation.metrics();
  if (!ended_at_last_step(status)) return static_cast<double>(simulation.now()) / 1e9;
  return rows.empty() ? 0 : rows.back().simulated_seconds;
}

double share(std::uint64_t part, std::uint64_t rest) {
  return part == 0 ? 0 : static_cast<double>(part) / static_cast<double>(part + rest);
}

}  // namespace

RunStatus status_of(const Simulation& simulation) {
  // First: a run that has reached its last step is trained, whatever its queue still holds.
  if (simulation.trained()) return simulation.diverged() ? RunStatus::diverged : RunStatus::trained;
  return simulation.timed_out() ? RunStatus::out_of_time : RunStatus::stalled;
}

NamedTexts final_models(const Simulation& simulation) {
  const Scenario& scenario = simulation.workload().scenario();
  NamedTexts files;
  for (const auto& [server, adopted] : simulation.models_now())
    files.emplace_back(final_model_file(scenario, server), npy_of(adopted.model.values()));
  return files;
}

std::vector<KeptModel> kept_models(const Simulation& simulation) {
  const Scenario& scenario = simulation.workload().scenario();
  std::vector<KeptModel> kept;
  for (const auto& [server, adopted] : simulation.models_now())
    kept.push_back(kept_model(final_model_file(scenario, server), server, adopted.step,
                              npy_of(adopted.model.values())));
  const std::vector<KeptModel>& on_the_way = simulation.models_on_the_way();
  kept.insert(kept.end(), on_the_way.begin(), on_the_way.end());
  return kept;
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
              diverged_at(simulation.workload().scenario(), simulation.metrics()).has_value()};
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

std::string profile_of(const Json& scenario) {
  bool foreign = false;
  if (scenario.is_object() && scenario.contains("plugins"))
    for (const Json& plugin : scenario["plugins"]) {
      const Json file = plugin.is_object() ? plugin.value("file", Json("")) : Json("");
      foreign = foreign || (file.is_string() && PluginFile{file, ""}.is_interpreted());
    }
  return std::string(kNumericProfile) + (foreign ? "+foreign" : "");
}

RunResult result_of(const Simulation& simulation, const ScenarioTables& tables, RunStatus status,
                    const MachineUse& machine) {
  const Scenario& scenario = simulation.workload().scenario();
  const std::vector<MetricsRow>& rows = simulation.metrics();
  return {.id = scenario_id(scenario, tables),
          .definition = definition_of(scenario, tables),
          .scenario = write_scenario(scenario, tables),
          .seed = scenario.seed,
          .inputs = scenario.inputs,
          .status = status,
          .steps = simulation.step(),
          .simulated_seconds = simulated_seconds_of(simulation, status),
          .digest = simulation.digest(),
          .totals = simulation.totals(),
          .work = simulation.parallelism().work(),
          .span = simulation.parallelism().span(),
          .crashed = simulation.crashed(),
          .fates = node_fates(simulation),
          .stall = status == RunStatus::stalled ? stall_of(simulation) : std::nullopt,
          .diverged_at_step = diverged_at(scenario, rows),
          .unused = unused_settings(simulation, tables),
          .unused_decisions = simulation.unused_decisions(),
          .variance_bound = variance_bound(scenario.workers),
          .broken_invariants = simulation.invariants().broken(),
          .expectations = verify(scenario.expect, rows, totals_of_run(simulation)),
          .metrics = rows,
          .gathers = simulation.gathers(),
          .digests = simulation.digest_rows(),
          .machine = machine};
}

}  // namespace byzsim
