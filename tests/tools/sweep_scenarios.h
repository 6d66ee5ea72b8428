// Sweeps that run in milliseconds, and what tests ask of their directories.
#pragma once

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "sim/results/checksums.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process {

/// A sandbox with the tiny scenario in tiny.json.
inline void write_tiny(const Sandbox& sandbox) { sandbox.write("tiny.json", kTinyScenario); }

/// A sweep file over the tiny scenario with these keys, as sweep.json text.
inline std::string tiny_sweep(const std::string& keys) {
  Json sweep = Json::parse(keys);
  if (!sweep.contains("name")) sweep["name"] = "study";
  if (!sweep.contains("scenario")) sweep["scenario"] = Json::parse(kTinyScenario);
  return sweep.dump(2);
}

/// Two attack strengths, two delays, two seeds: eight runs.
inline const std::string kEightRuns = R"({
  "set": {"/adversary/workers": "a_little_is_enough"},
  "axes": [
    {"name": "z", "pointer": "/adversary/workers/parameters/z", "values": [0.5, 1.5]},
    {"name": "mean", "pointer": "/network/delay/parameters/mean", "values": ["1 ms", "20 ms"]}
  ],
  "repeat": 2
})";

inline std::vector<std::string> lines_in(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// plan.jsonl of a directory, parsed.
inline std::vector<Json> plan_in(const Sandbox& sandbox, const std::string& directory) {
  std::vector<Json> points;
  for (const std::string& line : lines_in(sandbox.read(directory + "/plan.jsonl")))
    points.push_back(Json::parse(line));
  return points;
}

/// The values of a column of a CSV whose fields hold no commas, by its name.
inline std::vector<std::string> column_of(const std::string& csv, const std::string& name) {
  std::vector<std::string> values;
  std::size_t column = 0;
  for (const std::string& line : lines_in(csv)) {
    std::vector<std::string> fields(1);
    for (const char c : line) c == ',' ? fields.emplace_back() : fields.back() += c;
    if (values.empty())
      column =
          static_cast<std::size_t>(std::find(fields.begin(), fields.end(), name) - fields.begin());
    values.push_back(fields.at(column));
  }
  values.erase(values.begin());
  return values;
}

/// Writes the checksums of a run's directory for the files as they are now.
inline void seal(const Sandbox& sandbox, const std::string& directory) {
  NamedTexts files;
  for (const char* name : {"metrics.csv", "run.json", "gathers.csv", "digests.csv"})
    if (sandbox.holds(directory + "/" + name))
      files.emplace_back(name, sandbox.read(directory + "/" + name));
  const auto [name, list] = with_checksums(files).back();
  sandbox.write(directory + "/" + name, list);
}

/// Runs a sweep of this text to its end in DIR and merges it.
inline void run_and_merge(const Sandbox& sandbox, const std::string& sweep,
                          const std::string& directory) {
  const Outcome ran = sandbox.byzsim({"sweep", "run", "-", "--out", directory}, sweep);
  if (ran.exit_code != 0) throw std::runtime_error(ran.err);
  const Outcome merged = sandbox.byzsim({"sweep", "merge", directory});
  if (merged.exit_code != 0) throw std::runtime_error(merged.err);
}

}  // namespace byzsim::process
