#include "tools/search/run_search.h"

#include <fmt/format.h>

#include <atomic>
#include <limits>
#include <memory>
#include <mutex>

#include "adversaries/schedulers/scheduler.h"
#include "core/check.h"
#include "core/input/parameter_reader.h"
#include "tools/run/replay.h"

namespace byzsim {
namespace {

// What the runs of one search share.
struct SearchWork {
  int threads;
  const SearchWatch& watch;
  Executor executor;
  Progress progress;
  Objective objective;
  MadeBefore made;
  std::mutex mutex = {};  // of progress and all below
  double done = 0;
  std::optional<double> worst = {};
  double most_harm = -std::numeric_limits<double>::infinity();
};

void show_trial(SearchWork& work, const Trial& trial) {
  if (work.watch.tried) work.watch.tried();
  const std::lock_guard lock(work.mutex);
  ++work.done;
  if (trial.harm > work.most_harm) {
    work.most_harm = trial.harm;
    work.worst = trial.value;
  }
  work.progress.show(work.done, fmt::format(", {} {} so far", work.objective.name,
                                            work.worst ? fmt::format("{:.3g}", *work.worst)
                                                       : std::string("undefined")));
}

// Several trials are made side by side; a single one from here, because a run on all threads must
// not wait for them on one of their own. They are begun in their order, so that an interruption
// leaves a whole beginning.
std::vector<Trial> try_each(SearchWork& work, std::size_t count,
                            const std::function<std::optional<Trial>(std::size_t)>& make) {
  std::vector<std::optional<Trial>> slots(count);
  const auto try_one = [&](std::size_t i) {
    slots[i] = make(i);
    // At once, not in order: progress may differ between two searches, results may not.
    if (slots[i]) show_trial(work, *slots[i]);
  };
  std::atomic<std::size_t> next = 0;
  if (count == 1)
    try_one(0);
  else
    work.executor.for_each(static_cast<std::size_t>(work.threads), [&](std::size_t) {
      for (std::size_t i = next++; i < count && !work.watch.stop(); i = next++) try_one(i);
    });
  std::vector<Trial> trials;
  for (std::optional<Trial>& slot : slots) {
    if (!slot) break;
    trials.push_back(std::move(*slot));
  }
  return trials;
}

// Each candidate runs on one thread; a single one on all.
std::vector<Trial> evaluate(SearchWork& work, const std::vector<Candidate>& candidates) {
  // The number of threads changes the time of a run, never its bits.
  const int threads = candidates.size() == 1 ? work.threads : 1;
  return try_each(work, candidates.size(), [&](std::size_t i) {
    // Each candidate its own handle: runs side by side share the data, and none replaces it for
    // another.
    auto made = work.made;
    return run_candidate(work.objective, candidates[i], threads, made, work.watch);
  });
}

Scenario with_random_scheduler(Scenario scenario) {
  scenario.scheduler = default_choice(schedulers().declarations(), "random");
  return scenario;
}

Scenario without_enemy(Scenario scenario) {
  // The declared f stays: rules aggregate as in the runs that are compared with this one.
  scenario.workers.byzantine.actual = scenario.servers.byzantine.actual = 0;
  return with_random_scheduler(std::move(scenario));
}

void require_value(const Trial& reference, const Objective& objective) {
  // A run that has diverged has no value either, and still is the worst that can happen.
  if (reference.value || reference.diverged || objective.function) return;
  throw InputError({objective.name, "a run of this scenario has no value of this metric",
                    "choose another objective, " + choose_from("", objective_names())});
}

// A function may come to nothing but an interruption.
bool broken_off(const Objective& objective, const SearchWatch& watch) {
  return objective.function && watch.stop();
}

}  // namespace

std::optional<Trial> run_candidate(const Objective& objective, const Candidate& candidate,
                                   int threads, MadeBefore& made, const SearchWatch& watch) {
  if (watch.kept)
    if (auto known = watch.kept->of(objective, candidate)) return known;
  Replay replay(candidate.scenario, threads, std::move(made));
  made = replay.made();
  Progress silent("", 1, true);
  ServerModels models;
  const auto see = [&](const Occurrence& occurrence) {
    // Metrics need none, and held models take memory.
    if (objective.function) keep_models(occurrence, models);
  };
  if (!advance_to_end(replay, silent, see, watch.stop)) return std::nullopt;
  const std::optional<double> value = measure(objective, replay.simulation, models);
  if (broken_off(objective, watch)) return std::nullopt;
  Trial trial{candidate,
              value,
              harm_of(objective, value),
              replay.simulation.digest().run_hex(),
              has_diverged(replay.simulation),
              !replay.simulation.trained()};
  if (watch.kept) watch.kept->add(objective, trial);
  return trial;
}

std::optional<Objective> known_objective(Objective objective, const Scenario& scenario, int threads,
                                         MadeBefore& made, const SearchWatch& watch) {
  if (objective.function || objective.measure != "accuracy_lost") return objective;
  if (scenario.origin)
    throw InputError(
        {objective.name,
         "is measured against a run without Byzantine nodes, and a branch has those of "
         "its trunk",
         "search the accuracy instead"});
  const auto peaceful = run_candidate(read_objective("accuracy"), {without_enemy(scenario), {}},
                                      threads, made, watch);
  if (!peaceful) return std::nullopt;
  if (!peaceful->value)
    throw InputError({objective.name, "the run without Byzantine nodes has no accuracy to lose",
                      "search a scenario that trains a classifier"});
  objective.without_enemy = peaceful->value;
  return objective;
}

SearchOutcome run_search(const SearchRequest& request, int threads, const SearchWatch& watch) {
  Progress clock("", 1, true);
  SearchOutcome outcome{request.objective, {}, {}, true, 0};
  MadeBefore made = request.made;
  const auto objective = known_objective(request.objective, request.scenario, threads, made, watch);
  if (!objective) return outcome;
  outcome.objective = *objective;
  // Before the search: it costs no evaluation, and shows whether the objective has a value here.
  const auto reference = run_candidate(*objective, {with_random_scheduler(request.scenario), {}},
                                       threads, made, watch);
  if (!reference) return outcome;
  outcome.reference = *reference;
  require_value(*reference, *objective);

  SearchWork work{
      .threads = threads,
      .watch = watch,
      .executor = Executor(threads, launched_for(request.scenario)),
      .progress = Progress(request.scenario.name, request.evaluations, watch.quiet, "evaluation"),
      .objective = *objective,
      .made = made};
  const SearchTask task{
      request.scenario,
      request.variables,
      *objective,
      request.strategy.parameters,
      request.evaluations,
      work.executor,
      [&](const std::vector<Candidate>& candidates) { return evaluate(work, candidates); },
      [&](const Scenario& scenario, const Executor& executor) {
        return make_workload(scenario, executor, made.dataset);
      },
      [&](std::size_t count, const std::function<Trial(std::size_t)>& make) {
        return try_each(work, count, [&](std::size_t i) -> std::optional<Trial> {
          Trial trial = make(i);
          return broken_off(*objective, watch) ? std::nullopt : std::optional(std::move(trial));
        });
      },
      watch.stop};
  outcome.trials = searches().at(request.strategy.name).search(task);
  outcome.interrupted = watch.stop();
  BYZ_CHECK(outcome.interrupted || !outcome.trials.empty(), "a search evaluates something");
  outcome.wall_seconds = clock.seconds();
  return outcome;
}

}  // namespace byzsim
