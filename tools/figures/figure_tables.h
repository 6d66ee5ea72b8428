// From a figure to its tables: its sweeps planned, run and merged, its contractions counted, its
// timelines recorded.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sim/scenario/scenario.h"
#include "tools/figures/figure.h"
#include "tools/sweep/sweep.h"

namespace byzsim {

/// `plan` is of `sweep`, which is read from `json`.
struct PlannedSweep {
  std::string table;
  Json json;  ///< with the scenarios inside
  Sweep sweep;
  Plan plan;
};

/// A figure of which everything is known but what its runs will say.
struct PlannedFigure {
  Figure figure;
  std::vector<PlannedSweep> sweeps;
  ByTable<Scenario> timelines;
};

/// Reads every scenario of the figure, and checks that its tables will have the columns that it
/// names. Relative paths in it begin at `folder`. With a `data` set ("mnist" or "fashion_mnist")
/// its sweeps train on that where they would on drawn digits. Throws InputError with all mistakes,
/// each with its place in the figure.
PlannedFigure plan_figure(const Figure& figure, const std::string& data,
                          const std::filesystem::path& folder);

/// How the runs of a figure ended.
struct FigureRuns {
  bool interrupted = false;
  Issues failed;       ///< runs that could not be made
  double seconds = 0;  ///< that all its runs took, earlier ones included, each on one thread
};

/// Runs what is missing below `directory`/runs, several runs at a time. Stops after a sweep that is
/// interrupted; a run that fails stops no other. Throws InputError where `directory` holds
/// something else or cannot be written.
FigureRuns run_figure(const PlannedFigure& planned, const std::filesystem::path& directory,
                      int jobs, bool quiet);

/// The tables once every run is there. Throws InputError for results that are damaged, or of
/// several versions or profiles.
FigureTables tables_of(const PlannedFigure& planned, const std::filesystem::path& directory);

}  // namespace byzsim
