#include "tools/line/shared_options.h"

#include <algorithm>
#include <thread>

namespace byzsim {
namespace {

// hardware_concurrency() is 0 where the system does not say.
int cores() { return static_cast<int>(std::max(1u, std::thread::hardware_concurrency())); }

}  // namespace

void offer_threads(CommandOptions& options, int& threads) {
  threads = cores();
  options.integer("--threads N", {1, 1024}, threads,
                  "Number of threads [default: all cores]; results do not depend on it");
}

void offer_jobs(CommandOptions& options, int& jobs) {
  jobs = cores();
  options.integer("--jobs N", {1, 1024}, jobs,
                  "Number of runs at a time, each on one thread [default: all cores]");
}

void offer_replay(CommandOptions& options, ReplayOptions& own) {
  options.text("RUN_DIR", own.directory, "A directory written by byzsim run");
  offer_threads(options, own.threads);
}

}  // namespace byzsim
