#include "tools/sweep/sweep_verb.h"

#include "tools/line/verbs.h"

namespace byzsim {

void offer_sweep(VerbOptions& verb, Options& typed) {
  SweepOptions& asked = typed.sweep;
  verb.text("SWEEP", typed.scenario.name,
            "A sweep or scenario (a file, - for standard input, or a shipped one), or the "
            "directory of a sweep that has begun");
  verb.texts("--axis /POINTER=VALUES", asked.axes,
             "Values of one key: v1,v2,... or LOW..HIGH:linN or LOW..HIGH:logN; :linN:whole and "
             ":logN:whole give whole numbers");
  verb.integer("--repeat N", {1, 1'000'000}, asked.repeat,
               "Number of seeds of every point: the scenario's, the next, ... [default: 1]");
  offer_sets(verb, typed);
  verb.text("--out DIR", typed.out, "Directory of the sweep [default: results/NAME/sweep-ID]");
}

Verb sweep_verb() {
  Verb sweep{"sweep", "Run a scenario along axes and seeds",
             "  byzsim sweep run quickstart --axis /protocol/parameters/gather_period=1,10,100\n"
             "  byzsim sweep merge results/quickstart/sweep-0123456789abcdef"};
  sweep.verbs = {sweep_plan_verb(), sweep_run_verb(), sweep_status_verb(), sweep_merge_verb(),
                 sweep_submit_verb()};
  return sweep;
}

}  // namespace byzsim
