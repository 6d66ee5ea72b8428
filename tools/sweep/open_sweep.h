// The sweep that a command line names, and where its results are.
#pragma once

#include <filesystem>

#include "tools/sweep/sweep.h"
#include "tools/sweep/sweep_options.h"

namespace byzsim {

/// A sweep with what follows from it: `sweep` is read from `json`, and `plan` is of `sweep`.
struct OpenSweep {
  Json json;  ///< with all scenarios inside
  Sweep sweep;
  Plan plan;
  std::filesystem::path directory;
};

/// A sweep or scenario with what the command line adds, or a sweep's directory to go on with.
/// Throws InputError.
OpenSweep open_sweep(const SweepOptions& asked, const CommonOptions& common);

/// A sweep whose runs are looked at: what they read need not be there any more.
struct MadeSweep {
  std::vector<Axis> axes;
  Plan plan;
  std::filesystem::path directory;
};
MadeSweep made_sweep(const SweepOptions& asked, const CommonOptions& common);

/// The directory that open_sweep would name; one that is given is not looked into.
std::filesystem::path sweep_directory(const SweepOptions& asked, const CommonOptions& common);

}  // namespace byzsim
