// `byzsim branch`: a run that begins within another, with another adversary, delay or rule.
#include <filesystem>
#include <utility>

#include "tools/input/scenario_options.h"
#include "tools/line/command.h"
#include "tools/line/output.h"
#include "tools/run/branch_point.h"
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

int branch(const BranchOptions& own, const CommonOptions& common) {
  const MomentName moment = parse_moment(own.at, "--at");
  const Scenario trunk = trunk_of(own, common);
  // The branch is checked before the trunk is run as far as it begins.
  branch_of(trunk, 0, own.sets);
  BranchPoint point;
  {
    Replay replay = replay_for(trunk, own.run);
    point = reach(moment, replay, "--at");
  }
  tell("branches off at step {}, after {} events\n", point.step, point.event);
  return run_scenario(branch_of(trunk, point.event, own.sets), own.run, common, own.trunk,
                      std::move(point.made));
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
