// Runs the candidates of a search, several at a time, and shows how far it is.
#pragma once

#include <optional>
#include <vector>

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

/// Throws InputError for an objective that the scenario's runs do not have, and what a run throws.
/// `quiet` shows no progress. The trials do not depend on the number of threads.
SearchOutcome run_search(const SearchRequest& request, int threads, bool quiet);

}  // namespace byzsim
