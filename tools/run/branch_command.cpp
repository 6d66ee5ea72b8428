// `byzsim branch`: a run that begins within another, with another adversary, delay or rule.
#include <filesystem>
#include <utility>

#include "adversaries/known_strategies.h"
#include "core/input/issue.h"
#include "sim/scenario/scenario_checks.h"
#include "sim/scenario/scenario_json.h"
#include "tools/input/input_files.h"
#include "tools/input/scenario_options.h"
#include "tools/line/command.h"
#include "tools/line/output.h"
#include "tools/run/moment.h"
#include "tools/run/run_scenario.h"
#include "tools/run/stored_run.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

struct BranchOptions {
  std::string trunk;
  std::string at;
  std::vector<std::string> sets;
  RunOptions run;
};

void offer_branch(CommandOptions& options, BranchOptions& own) {
  options.text("RUN", own.trunk, "Directory of the run to branch off, or a scenario");
  options.text("--at step=N|time=T|event=N", own.at, "Where the branch begins");
  options.require("--at");
  offer_sets(options, own.sets);
  offer_run_options(options, own.run);
}

Scenario trunk_of(const BranchOptions& own, const CommonOptions& common) {
  std::error_code error;
  if (fs::is_directory(own.trunk, error)) return read_stored_run(own.trunk).scenario;
  return load_scenario({.name = own.trunk, .sets = {}, .folder = {}, .plugins = common.plugins});
}

// The trunk with the changes, which begins at that event of it.
Scenario branch_of(const Scenario& trunk, std::uint64_t event,
                   const std::vector<std::string>& sets) {
  Json json = write_scenario(trunk, scenario_tables());
  const Json whole = json;
  json["name"] = name_with(trunk.name, "branch");
  json.erase("origin");
  for (const std::string& set : sets) {
    const Change change = read_set(set);
    apply(change, json, change.where);
  }
  json["origin"] = {{"scenario", whole}, {"event", event}};
  InputFiles files;
  return read_with_inputs(json, files);
}

int branch(const BranchOptions& own, const CommonOptions& common) {
  const Moment moment = parse_moment(own.at, "--at");
  const Scenario trunk = trunk_of(own, common);
  // The branch is checked before the trunk is run as far as it begins.
  branch_of(trunk, 0, own.sets);
  MadeBefore made;
  std::uint64_t event = 0;
  {
    Replay replay = replay_for(trunk, own.run);
    advance_to(moment, replay.simulation, "--at");
    event = replay.simulation.totals().events;
    made = {replay.workload->made_dataset(), trunk_state_of(replay.simulation)};
    tell("branches off at step {}, after {} events\n", replay.simulation.step(), event);
  }
  return run_scenario(branch_of(trunk, event, own.sets), own.run, common, own.trunk,
                      std::move(made));
}

}  // namespace

Command branch_command() {
  return command(
      "branch", "Run on from within another run, with another adversary, delay or rule",
      "  byzsim branch results/quickstart/ID --at step=200 --set /adversary/workers=reversed\n"
      "  byzsim branch quickstart --at time=1.5s --set /workers/aggregator=median --out other",
      offer_branch, branch);
}

}  // namespace byzsim
