// An adversary that knows what would happen. A copy of a simulation is a fork in time: where a
// decision is due, the run is forked once for each move it could make, each fork is run some steps
// ahead, and those go on that have done the most harm by then. What comes out is a script of moves.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "adversaries/begin_run.h"
#include "adversaries/coalition.h"
#include "adversaries/search/candidate_moves.h"
#include "adversaries/search/search.h"
#include "core/check.h"
#include "core/input/issue.h"

namespace byzsim::searches_list {
namespace {

// A run up to where its next decision is due, by which moves it came there, and what that did.
struct Fork {
  Simulation simulation;
  Script script;
  double harm = 0;
  bool ended = false;
};

struct Plan {
  std::vector<Move> moves;
  std::int64_t every;    // steps between two decisions
  std::int64_t horizon;  // steps that a fork is run ahead
  std::size_t beam;      // forks that go on
};

std::int64_t number_or(const Parameters& parameters, const char* name, std::int64_t otherwise) {
  return parameters.is_word(name) ? otherwise : parameters.integer(name);
}

// As often as the evaluations that are left allow.
std::int64_t affordable_period(const SearchTask& task, std::int64_t left, std::size_t each) {
  const std::int64_t decisions = left / static_cast<std::int64_t>(each);
  const std::int64_t steps = task.scenario.steps;
  // Without an evaluation to spare the first decision would be due after the end: none is made.
  return decisions < 1 ? steps + 1 : (steps + decisions - 1) / decisions;
}

// The most harmful first, the earlier of equals.
template <class Outcome>
std::vector<std::size_t> by_harm(const std::vector<Outcome>& outcomes) {
  std::vector<std::size_t> order(outcomes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return outcomes[a].harm > outcomes[b].harm;
  });
  return order;
}

std::vector<Move> moves_of(const SearchTask& task) {
  if (!task.scenario.script.moves.empty())
    throw InputError({"/adversary/script/moves", "look_ahead makes the moves itself",
                      "leave them out of the scenario"});
  const std::string& choose = task.parameters.word("choose");
  std::vector<Move> moves = candidate_moves(
      task.scenario,
      {choose != "scheduler", choose != "attacks", task.parameters.integer("halves")},
      task.stream(0));
  if (static_cast<std::int64_t>(moves.size()) > task.evaluations)
    throw InputError(
        {"look_ahead",
         fmt::format("needs {} evaluations for the runs of one move throughout, not {}",
                     moves.size(), task.evaluations),
         "allow more evaluations, or fewer moves (choose, halves)"});
  return moves;
}

// Decisions are among the moves that did most harm throughout, whose trials these are.
Plan plan_of(const SearchTask& task, const std::vector<Move>& moves,
             const std::vector<Trial>& throughout) {
  const Parameters& asked = task.parameters;
  Plan plan{{}, 0, 0, static_cast<std::size_t>(asked.integer("beam"))};
  const auto most = static_cast<std::size_t>(asked.integer("moves"));
  for (const std::size_t i : by_harm(throughout))
    if (plan.moves.size() < most) plan.moves.push_back(moves[i]);
  plan.every =
      number_or(asked, "every",
                affordable_period(task, task.evaluations - static_cast<std::int64_t>(moves.size()),
                                  plan.moves.size() * plan.beam));
  plan.horizon = number_or(asked, "horizon", plan.every);
  BYZ_CHECK(plan.every >= 1 && plan.horizon >= 1, "a decision looks ahead to a later step");
  BYZ_CHECK(!plan.moves.empty() && plan.beam >= 1, "a decision is among moves");
  return plan;
}

Candidate candidate_of(const SearchTask& task, const Script& script, const Move& move) {
  Candidate candidate{task.scenario, json_of_move(move)};
  candidate.scenario.script = script;
  return candidate;
}

// Until the first node sends something of the step.
void advance_until_said(Simulation& simulation, std::int64_t step) {
  while (simulation.furthest() < step && simulation.advance()) {
  }
}

// Until every server has reached the step, or no event is left.
void advance_to(Simulation& simulation, std::int64_t step) {
  while (simulation.step() < step && simulation.advance()) {
  }
}

// The first step at or after this one whose row is recorded.
std::int64_t recorded_from(const Scenario& scenario, std::int64_t step) {
  const std::int64_t every = scenario.metrics_every;
  return std::min(scenario.steps, (step + every - 1) / every * every);
}

// One evaluation: the move, from the next step that is open on. A run to its end is a trial like
// any other; one that only looked ahead is never the worst.
Trial roll_out(const SearchTask& task, const Plan& plan, Move move, Fork& fork) {
  Simulation& run = fork.simulation;
  // A step of which something was sent already would be decided half by one move, half by another.
  move.step = run.furthest() + 1;
  fork.script = with_move(std::move(fork.script), move);
  run.follow(std::make_shared<const Script>(fork.script));
  // Two copies go different ways: one to the horizon, to be judged, the other to its next decision.
  Simulation ahead = run;
  // One step short: the next decision is due before anything of its step is sent.
  advance_until_said(run, move.step + plan.every - 1);
  fork.ended = move.step + plan.every > task.scenario.steps;
  if (fork.ended) {
    while (ahead.advance()) {
    }
  } else {
    // Between recorded rows the objective has no newer value, and all moves would look alike.
    advance_to(ahead, recorded_from(task.scenario, move.step + plan.horizon));
  }
  ahead.finish();
  const std::optional<double> value = measure(task.objective, ahead);
  fork.harm = harm_of(task.objective, value);
  return {candidate_of(task, fork.script, move), value,
          fork.ended ? fork.harm : -std::numeric_limits<double>::infinity(),
          fork.ended ? ahead.digest().run_hex() : "", has_diverged(ahead)};
}

// Every move throughout: what looking ahead must not fall behind.
std::vector<Trial> run_throughout(const SearchTask& task, const std::vector<Move>& moves) {
  std::vector<Candidate> candidates;
  for (const Move& move : moves)
    candidates.push_back(candidate_of(task, with_move(task.scenario.script, move), move));
  return task.evaluate(std::move(candidates));
}

// One decision: every fork with every move.
std::vector<Trial> decide(const SearchTask& task, const Plan& plan, std::vector<Fork>& beam) {
  std::vector<Fork> forks;
  for (const Fork& fork : beam) forks.insert(forks.end(), plan.moves.size(), fork);
  std::vector<Trial> trials = task.try_each(forks.size(), [&](std::size_t i) {
    return roll_out(task, plan, plan.moves[i % plan.moves.size()], forks[i]);
  });
  BYZ_CHECK(trials.size() <= forks.size(), "every fork is tried once");
  // Interrupted: some forks have no harm yet, and the beam must not be chosen from those that do.
  if (trials.size() < forks.size()) return trials;
  beam.clear();
  for (const std::size_t i : by_harm(forks))
    if (beam.size() < plan.beam) beam.push_back(std::move(forks[i]));
  return trials;
}

// Fewer than `asked` where the user interrupted the search.
bool append(std::vector<Trial>& trials, std::vector<Trial> more, std::size_t asked) {
  const bool whole = more.size() == asked;
  std::move(more.begin(), more.end(), std::back_inserter(trials));
  return whole;
}

std::vector<Trial> search_look_ahead(const SearchTask& task) {
  const std::vector<Move> moves = moves_of(task);
  std::vector<Trial> trials = run_throughout(task, moves);
  if (trials.size() < moves.size()) return trials;
  const Plan plan = plan_of(task, moves, trials);
  // Forks run side by side, each on one thread (try_each).
  const Executor this_thread(1);
  std::vector<Fork> beam;
  beam.push_back({begin_run(task.make_workload(task.scenario, this_thread), task.make_workload),
                  task.scenario.script});
  const auto left = [&] { return static_cast<std::size_t>(task.evaluations) - trials.size(); };
  while (plan.every <= task.scenario.steps && !beam.front().ended) {
    const std::size_t asked = beam.size() * plan.moves.size();
    // One evaluation is kept for a run to the end: a fork that only looked ahead is no result.
    if (asked >= left()) {  // the worst so far goes on as it is
      const Fork& worst = beam.front();
      if (left() > 0 && !worst.script.moves.empty())
        append(trials, task.evaluate({candidate_of(task, worst.script, worst.script.moves.back())}),
               1);
      break;
    }
    if (!append(trials, decide(task, plan, beam), asked)) break;
  }
  return trials;
}

}  // namespace

SearchStrategy look_ahead() {
  return {
      {"look_ahead",
       "forks the run at every decision, makes each move that the adversary could make, looks "
       "some steps ahead and continues with the most damaging one",
       "beam search (Lowerre 1976) over roll-outs (Tesauro and Galperin 1996)",
       {word("choose", {"all", "attacks", "scheduler"},
             "what a move decides besides the two halves of the nodes"),
        integer("every", 10, 1, 1e9, "steps between two decisions; auto: as the evaluations allow")
            .or_default_word("auto"),
        integer("horizon", 10, 1, 1e9,
                "steps that a move is followed ahead; auto: to the next decision")
            .or_default_word("auto"),
        integer("moves", 12, 1, 1000,
                "number of moves to choose among: the most damaging ones when made alone"),
        integer("beam", 1, 1, 1000, "runs that continue from a decision"),
        integer("halves", 3, 1, 1000, "partitions of the honest servers to choose among")}},
      search_look_ahead,
      false};
}

}  // namespace byzsim::searches_list
