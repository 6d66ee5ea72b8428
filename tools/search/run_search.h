// Runs the candidates of a search, several at a time, and shows how far it is.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "sim/nodes/workload.h"
#include "tools/line/interrupt.h"
#include "tools/search/kept_trials.h"
#include "tools/search/search_request.h"

namespace byzsim {

/// Trials are all there, or a whole beginning of them where it was interrupted.
struct SearchOutcome {
  Objective objective;  ///< that of the request, and what it is measured against
  /// The scenario itself where nobody owns the wires: the scheduler is random.
  Trial reference;
  std::vector<Trial> trials;
  bool interrupted = false;
  double wall_seconds = 0;
};

/// Who looks on; no result depends on it.
struct SearchWatch {
  bool quiet = false;  ///< no progress
  /// Whether the search is to end. Asked at every event of every run, by its thread.
  std::function<bool()> stop = interrupted;
  std::function<void()> tried = {};  ///< after each trial, by the thread that made it
  /// What was evaluated before, and where more of it is kept; null: nowhere.
  KeptTrials* kept = nullptr;
};

/// Throws InputError for an objective that the scenario's runs do not have, and what a run throws.
/// The trials do not depend on the number of threads.
SearchOutcome run_search(const SearchRequest& request, int threads, const SearchWatch& watch);

/// What the objective is measured against, if anything, is known then. Nothing when it was
/// interrupted. Leaves what it has made for later runs in `made`.
std::optional<Objective> known_objective(Objective objective, const Scenario& scenario, int threads,
                                         MadeBefore& made, const SearchWatch& watch);

/// One evaluation. Nothing when it was interrupted. Leaves what the run has made in `made`, whose
/// own it takes where they are the same.
std::optional<Trial> run_candidate(const Objective& objective, const Candidate& candidate,
                                   int threads, MadeBefore& made, const SearchWatch& watch);

}  // namespace byzsim
