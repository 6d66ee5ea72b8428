// A scenario that runs in milliseconds, and what tests ask of its results.
#pragma once

#include <string>

#include "core/input/json.h"
#include "tests/tools/process.h"

namespace byzsim::process {

inline const std::string kTinyScenario = R"({
  "name": "tiny",
  "seed": 3,
  "steps": 6,
  "servers": {"count": 5, "byzantine": {"declared": 1, "actual": 1}},
  "workers": {"count": 7, "byzantine": {"declared": 2, "actual": 2}, "batch_size": 4},
  "model": "softmax_regression",
  "data": {"name": "blobs",
           "parameters": {"dimension": 3, "classes": 3, "train": 60, "test": 30}},
  "optimizer": {"rate": {"name": "constant", "parameters": {"initial": 0.1}}},
  "metrics": {"every": 2}
})";

/// The tiny scenario with `changes` merged in (RFC 7386).
std::string tiny_with(const std::string& changes);

/// run.json of the tiny scenario run with these arguments and this environment, in a sandbox of its
/// own; throws what went wrong.
Json tiny_run(const Arguments& more = {}, const Environment& environment = {},
              const std::string& scenario = kTinyScenario);

/// The only run directory below results/NAME, relative to the sandbox.
std::string only_run_of(const Sandbox& sandbox, const std::string& name);

}  // namespace byzsim::process
