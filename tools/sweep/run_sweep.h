// Runs what is missing of a sweep, several runs at a time, each on one thread.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sim/nodes/workload.h"
#include "tools/line/interrupt.h"
#include "tools/run/replay.h"
#include "tools/sweep/slice.h"
#include "tools/sweep/sweep.h"

namespace byzsim {

/// How the runs are made; no result depends on it.
struct SweepJobs {
  int jobs = 1;
  Slice slice;
  bool quiet = false;  ///< no progress
  /// Whether the runs are to end where they are. Asked at every event of every job; where any
  /// plugin is loaded, also in copies of this process.
  std::function<bool()> stop = interrupted;
  std::function<void()> ended = {};  ///< after each run, by the job that made it
};

/// What a run leaves for a later one of the same job: the data that it made, digests of files.
struct JobMemory {
  MadeBefore made;
  InputFiles files;
};
/// Those of jobs that are not at work. Used by several threads.
class JobMemories {
 public:
  JobMemory take();
  void give(JobMemory memory);

 private:
  std::mutex mutex_;
  std::vector<JobMemory> idle_;
};

/// What became of the runs of the slice.
struct SweepOutcome {
  std::size_t found = 0;   ///< were there already
  std::size_t made = 0;    ///< by this call
  std::size_t failed = 0;  ///< kept with their error
  bool interrupted = false;
  bool broken_promise = false;  ///< whether a plugin ended one of those that failed
  /// Settings without effect in runs that this call made: in how many each, by JSON pointer.
  std::map<std::string, std::size_t> unused = {};
};

/// Runs the points of the slice whose result is not there, those that failed before again. A
/// failed run keeps its error and stops no other. The directory is prepared. Throws InputError when
/// it cannot be written. An interruption ends it with what is finished; so does a directory that
/// can no longer be written, with the exception.
SweepOutcome run_sweep(const Sweep& sweep, const Plan& plan, const std::filesystem::path& directory,
                       const SweepJobs& options);

/// The same of these points of its plan, each of another id, whatever the slice.
SweepOutcome run_points(const Sweep& sweep, const std::vector<const Point*>& points,
                        const std::filesystem::path& directory, const SweepJobs& options,
                        JobMemories& memories);

}  // namespace byzsim
