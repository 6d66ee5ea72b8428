// The verbs of the command line, one file each. Results go to standard output, everything else to
// standard error; each returns its exit code and throws InputError for what the user did wrong.
#pragma once

#include "tools/command_line.h"

namespace byzsim {

int run(const Options& options);
int search(const Options& options);
int verify(const Options& options);
int bisect(const Options& options);
int events(const Options& options);
int shrink(const Options& options);
int report(const Options& options);
int figures(const Options& options);
int eval(const Options& options);
int contraction(const Options& options);
int list(const Options& options);
int describe(const Options& options);
int schema(const Options& options);
int version(const Options& options);
int completions(const Options& options);

// byzsim sweep ..., in tools/sweep/.
int sweep_plan(const Options& options);
int sweep_run(const Options& options);
int sweep_status(const Options& options);
int sweep_merge(const Options& options);
int sweep_submit(const Options& options);

}  // namespace byzsim
