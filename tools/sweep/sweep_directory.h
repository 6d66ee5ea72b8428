// A sweep's directory: sweep.json and plan.jsonl say what is to be run, runs/<id>/ holds what was,
// each appearing by rename. Several processes may work in one directory at the same time.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/input/issue.h"
#include "core/input/json.h"
#include "tools/sweep/sweep.h"

namespace byzsim {

/// plan.jsonl: {"index", "id", "seed", "axes": {column: value}}, a line a point.
std::string write_plan(const Plan& plan);
/// Throws InputError naming the directory when it has none or it cannot be read.
Plan read_plan(const std::filesystem::path& directory);

/// results/<name>/sweep-<digest of the plan>.
std::filesystem::path default_sweep_directory(const Sweep& sweep, const Plan& plan);

/// Makes the directory and its two files unless they are there. Throws InputError when it holds
/// another sweep or something else. Several processes may do so at the same time.
void prepare_directory(const std::filesystem::path& directory, const Json& sweep, const Plan& plan);

/// runs/<id> of a directory.
std::filesystem::path run_directory(const std::filesystem::path& directory, const std::string& id);

/// A run whose files are damaged is missing. A run that failed has an error.json and no result.
enum class RunState { missing, failed, done };
RunState state_of_run(const std::filesystem::path& directory, const std::string& id);

/// Keeps why a run failed: runs/<id>/error.json. Replaces what an earlier attempt left.
void write_failure(const std::filesystem::path& directory, const Point& point,
                   const Issues& issues);
/// What write_failure kept, a line an issue. Throws InputError for a file that cannot be read.
std::string read_failure(const std::filesystem::path& directory, const std::string& id);

/// The first point of every id, in order: what is to be run.
std::vector<const Point*> distinct_runs(const Plan& plan);

/// Removes what killed processes left half-made. Only while no other process makes runs.
void remove_leftovers(const std::filesystem::path& directory);

/// How far a sweep is. Points of equal id count once.
struct SweepState {
  std::vector<const Point*> done, failed, missing;
  Issues damage;  ///< why runs that are there count as missing
  std::size_t total() const { return done.size() + failed.size() + missing.size(); }
  bool complete() const { return failed.empty() && missing.empty(); }
  /// What is missing or is to be tried again.
  std::vector<const Point*> left() const;
};
/// Reads every run's files and their checksums, which takes its time in a large sweep.
SweepState state_of_sweep(const std::filesystem::path& directory, const Plan& plan);

/// "9 runs"; "8 runs for 9 points" where points of equal id share one.
std::string runs_of_points(const Plan& plan, std::size_t runs);

}  // namespace byzsim
