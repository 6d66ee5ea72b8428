// A scenario that runs in milliseconds, and what tests ask of its results.
#pragma once

#include <string>

#include "core/json.h"
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
inline std::string tiny_with(const std::string& changes) {
  nlohmann::json scenario = nlohmann::json::parse(kTinyScenario);
  scenario.merge_patch(nlohmann::json::parse(changes));
  return scenario.dump(2);
}

/// run.json of the tiny scenario run with these arguments and this environment, in a sandbox of its
/// own; throws what went wrong.
inline Json tiny_run(const Arguments& more = {}, const Environment& environment = {},
                     const std::string& scenario = kTinyScenario) {
  Arguments arguments = {"run", "-", "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Outcome outcome = Sandbox().byzsim(arguments, scenario, environment);
  if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
  return Json::parse(outcome.out);
}

/// The only run directory below results/NAME, relative to the sandbox.
inline std::string only_run_of(const Sandbox& sandbox, const std::string& name) {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(sandbox.path() / "results" / name))
    found.push_back("results/" + name + "/" + entry.path().filename().string());
  if (found.size() != 1) throw std::runtime_error("not one run directory of " + name);
  return found[0];
}

}  // namespace byzsim::process
