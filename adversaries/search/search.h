// Searches for the worst case: what the adversary should choose to damage the defenders most. One
// file a strategy under search/. A strategy produces candidates, scenarios with other choices in
// them, batch by batch, and receives the damage of each; the outcome is a pure function of the
// task, whatever the number of threads.
//
// A worst case that was found is a scenario: it runs to the same bits everywhere, whatever found
// it. A search proves nothing about what it did not try, except the exhaustive one.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adversaries/search/objective.h"
#include "adversaries/search/search_space.h"
#include "core/exact/random.h"
#include "core/input/table.h"
#include "core/machine/parallel.h"

namespace byzsim {

/// One evaluation: a candidate and what its run came to.
struct Trial {
  Candidate candidate;
  std::optional<double> value;  ///< of the objective; nothing: as bad as it gets
  /// The larger, the worse for the defenders; +infinity at most, -infinity for a run that was only
  /// followed some steps ahead.
  double harm;
  std::string digest;  ///< of the run, if it came to its end
  bool diverged = false;
  bool ended_early = false;  ///< the run ended before its last step; not of a kept trial
};

/// What a strategy is given.
struct SearchTask {
  const Scenario& scenario;  ///< where the search begins
  const std::vector<SearchVariable>& variables;
  const Objective& objective;
  const Parameters& parameters;  ///< of the strategy
  std::int64_t evaluations;      ///< at most that many
  const Executor& executor;
  /// Runs the candidates side by side; one trial for each, in their order. Fewer come back when the
  /// user has interrupted the search: the strategy returns then. Throws what a run throws.
  std::function<std::vector<Trial>(std::vector<Candidate>)> evaluate;
  /// What runs of that scenario train, for who runs them itself: Simulation(make_workload(scenario,
  /// executor), adversary). The executor outlives it.
  std::function<std::shared_ptr<const Workload>(const Scenario&, const Executor&)> make_workload;
  /// As `evaluate`, for trials that the strategy makes itself, each on one thread.
  std::function<std::vector<Trial>(std::size_t count,
                                   const std::function<Trial(std::size_t)>& make)>
      try_each = {};
  /// Whether the user has interrupted the search, for strategies that are long without a trial.
  std::function<bool()> interrupted = [] { return false; };

  /// The strategy's own draws, named by a number of its choice.
  Stream stream(std::uint64_t counter) const {
    return Stream(scenario.seed, Purpose::search, 0, counter);
  }
};

/// One strategy of the table.
struct SearchStrategy {
  Declaration declaration;
  /// All trials in their order.
  std::vector<Trial> (*search)(const SearchTask& task);
  bool over_variables = true;  ///< whether it chooses values of variables, of which it needs one
};

/// All strategies.
const Table<SearchStrategy>& searches();

/// The trials of candidate_of(0), candidate_of(1), ... candidate_of(count - 1), which are made some
/// hundred at a time.
std::vector<Trial> evaluate_all(const SearchTask& task, std::int64_t count,
                                const std::function<Candidate(std::int64_t)>& candidate_of);

/// The index of the trial that does the most damage, the earliest of equals; 0 where there is none.
std::size_t worst_of(const std::vector<Trial>& trials);

/// The version of NLopt, which search/nlopt.cpp alone includes.
std::string optimizer_library_version();

}  // namespace byzsim
