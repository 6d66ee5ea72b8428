// `byzsim run`.
#include "tools/input/scenario_options.h"
#include "tools/line/command.h"
#include "tools/run/run_scenario.h"

namespace byzsim {
namespace {

struct RunCommandOptions {
  ScenarioOptions scenario;
  RunOptions run;
};

void offer_run(CommandOptions& options, RunCommandOptions& own) {
  offer_scenario(options, own.scenario);
  offer_run_options(options, own.run);
}

int run(const RunCommandOptions& own, const CommonOptions& common) {
  return run_scenario(load_scenario(source_of(own.scenario, common)), own.run, common,
                      own.scenario.name);
}

}  // namespace

Command run_command() {
  return command("run", "Run a scenario",
                 "  byzsim run quickstart\n"
                 "  byzsim run my.json --set /workers/byzantine/actual=0 --seed 7",
                 offer_run, run);
}

}  // namespace byzsim
