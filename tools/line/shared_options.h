// Options that several commands have.
#pragma once

#include <string>

#include "tools/line/command.h"

namespace byzsim {

/// --threads N, all cores by default. From 1 to 1024. No result depends on their number.
void offer_threads(CommandOptions& options, int& threads);
/// --jobs N: runs at a time, one for each core by default. From 1 to 1024, each run on one thread.
void offer_jobs(CommandOptions& options, int& jobs);

/// A finished run, to run it again.
struct ReplayOptions {
  std::string directory;
  int threads = 1;
};
/// RUN_DIR and --threads N.
void offer_replay(CommandOptions& options, ReplayOptions& own);

}  // namespace byzsim
