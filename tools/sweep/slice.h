// A sweep's share for one of several processes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tools/sweep/sweep.h"

namespace byzsim {

/// Every count-th run, beginning with the one of that index (from 0). The whole by default. The
/// index is in [0, count).
struct Slice {
  int index = 0;
  int count = 1;
  friend bool operator==(const Slice&, const Slice&) = default;
};

/// Looks an environment variable up; null when it is not set.
using Environment = std::function<const char*(const char*)>;

/// "2/8", counted from 1, or "auto": from the task of a Slurm array and the process within it (Open
/// MPI's rank, else Slurm's). Throws InputError.
Slice parse_slice(const std::string& text, const Environment& environment);

/// The runs of a slice. Every run is in one slice of a count, whatever has been made already.
std::vector<const Point*> runs_of(const Slice& slice, const std::vector<const Point*>& all);

}  // namespace byzsim
