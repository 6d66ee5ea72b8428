// Options that several commands have.
#pragma once

#include <string>

#include "tools/line/command.h"

namespace byzsim {

/// --threads N, all cores by default.
void offer_threads(CommandOptions& options, int& threads);
/// --jobs N: runs at a time, one for each core by default.
void offer_jobs(CommandOptions& options, int& jobs);

/// A finished run, to run it again.
struct ReplayOptions {
  std::string directory;
  int threads = 1;
};
void offer_replay(CommandOptions& options, ReplayOptions& own);

}  // namespace byzsim
