#include "tools/sweep/sweep_options.h"

#include "tools/input/scenario_options.h"

namespace byzsim {
namespace {

std::vector<std::string> names_of_sweeps() {
  std::vector<std::string> names = names_of(shipped_sweeps());
  const std::vector<std::string> scenarios = names_of(shipped_scenarios());
  names.insert(names.end(), scenarios.begin(), scenarios.end());
  return names;
}

}  // namespace

void offer_sweep(CommandOptions& options, SweepOptions& own) {
  options.text("SWEEP", own.name,
               "A sweep or scenario (a file, - for standard input, or a shipped one), or the "
               "directory of a sweep that has begun");
  options.complete("SWEEP", names_of_sweeps);
  options.texts("--axis /POINTER=VALUES", own.axes,
                "Values of one key: v1,v2,... or LOW..HIGH:linN or LOW..HIGH:logN; :linN:whole and "
                ":logN:whole give whole numbers");
  options.integer("--repeat N", {1, 1'000'000}, own.repeat,
                  "Number of seeds of every point: the scenario's, the next, ... [default: 1]");
  offer_sets(options, own.sets);
  options.text("--out DIR", own.out, "Directory of the sweep [default: results/NAME/sweep-ID]");
}

}  // namespace byzsim
