#include "tools/line/verb.h"

#include <algorithm>
#include <thread>

namespace byzsim {
namespace {

int cores() { return static_cast<int>(std::max(1u, std::thread::hardware_concurrency())); }

}  // namespace

void offer_sets(VerbOptions& verb, Options& typed) {
  verb.texts("--set /POINTER=VALUE", typed.scenario.sets,
             "Set one value: a JSON pointer and a JSON value (a bare name is a string)");
}

void offer_scenario(VerbOptions& verb, Options& typed) {
  verb.text("SCENARIO", typed.scenario.name,
            "A file (also a run.json), - for standard input, or a shipped scenario (byzsim list "
            "scenarios)");
  offer_sets(verb, typed);
  verb.text("--seed N", typed.seed, "Same as --set /seed=N");
}

void offer_replay(VerbOptions& verb, Options& typed) {
  verb.text("RUN_DIR", typed.argument, "A directory written by byzsim run");
  offer_threads(verb, typed);
}

void offer_threads(VerbOptions& verb, Options& typed) {
  typed.threads = cores();
  verb.integer("--threads N", {1, 1024}, typed.threads,
               "Number of threads [default: all cores]; results do not depend on it");
}

void offer_jobs(VerbOptions& verb, Options& typed) {
  typed.sweep.jobs = cores();
  verb.integer("--jobs N", {1, 1024}, typed.sweep.jobs,
               "Number of runs at a time, each on one thread [default: all cores]");
}

void offer_quiet(VerbOptions& verb, Options& typed) {
  verb.flag("--quiet", typed.quiet, "Print no progress");
}

}  // namespace byzsim
