// The optimisers of NLopt over shares of the variables' ranges. Its exceptions and its random
// numbers stay in this file.
#include <algorithm>
#include <cmath>
#include <exception>
#include <nlopt.hpp>
#include <optional>
#include <utility>

#include "adversaries/search/search.h"
#include "core/check.h"
#include "core/input/issue.h"

namespace byzsim::searches_list {
namespace {

struct Algorithm {
  std::string word;
  std::optional<::nlopt::algorithm> global;  // searches the whole range
  std::optional<::nlopt::algorithm> local;   // ends where it finds no worse nearby
};

const std::vector<Algorithm>& algorithms() {
  static const std::vector<Algorithm> all = {
      {"direct_l_nelder_mead", ::nlopt::GN_DIRECT_L, ::nlopt::LN_NELDERMEAD},
      {"direct_l", ::nlopt::GN_DIRECT_L, {}},
      {"bobyqa", {}, ::nlopt::LN_BOBYQA},
      {"nelder_mead", {}, ::nlopt::LN_NELDERMEAD},
      {"crs2", ::nlopt::GN_CRS2_LM, {}},
      {"isres", ::nlopt::GN_ISRES, {}}};
  return all;
}

std::vector<std::string> words() {
  std::vector<std::string> words;
  for (const Algorithm& each : algorithms()) words.push_back(each.word);
  return words;
}

constexpr double kSmallestStep = 1e-3;    // of a range, where a local algorithm has converged
constexpr double kNearbyStep = 0.1;       // of a range, the first after a global algorithm
constexpr std::int64_t kGlobalShare = 3;  // one of so many evaluations, where a local one follows

using Shares = std::vector<double>;

// What NLopt's function is called with.
struct Optimisation {
  const SearchTask& task;
  std::vector<Trial> trials = {};
  Shares worst = {};              // of the trial of the greatest harm
  std::exception_ptr error = {};  // of an evaluation; NLopt would replace it
  bool ended = false;             // NLopt may go on for a while after it was told to stop

  std::int64_t left() const { return task.evaluations - static_cast<std::int64_t>(trials.size()); }
};

// The harm of the candidate at these shares. Throws what stops NLopt.
double evaluate(Optimisation& optimisation, const Shares& shares) {
  const SearchTask& task = optimisation.task;
  if (optimisation.ended || optimisation.left() == 0) throw ::nlopt::forced_stop();
  Candidate candidate = candidate_at(task.scenario, task.variables, shares);
  for (const Trial& known : optimisation.trials)
    // Values are rounded, so that close points may be one candidate: its run is known.
    if (known.candidate.chosen == candidate.chosen) return known.harm;
  std::vector<Trial> trials = task.evaluate({std::move(candidate)});
  optimisation.ended = trials.empty();  // interrupted
  if (trials.empty()) throw ::nlopt::forced_stop();
  optimisation.trials.push_back(std::move(trials.front()));
  const double harm = optimisation.trials.back().harm;
  // The earliest of equals stays the worst.
  if (worst_of(optimisation.trials) + 1 == optimisation.trials.size()) optimisation.worst = shares;
  optimisation.ended = std::isinf(harm);  // nothing is worse, and no algorithm takes it
  if (optimisation.ended) throw ::nlopt::forced_stop();
  return harm;
}

double objective(const Shares& shares, std::vector<double>&, void* data) {
  auto& optimisation = *static_cast<Optimisation*>(data);
  try {
    return evaluate(optimisation, shares);
  } catch (const ::nlopt::forced_stop&) {
    throw;
  } catch (...) {
    optimisation.error = std::current_exception();
    optimisation.ended = true;
    throw ::nlopt::forced_stop();
  }
}

// One optimisation of so many evaluations at most, from a point; `step` is the first of a local
// algorithm, 0 for NLopt's own choice.
struct Leg {
  ::nlopt::algorithm algorithm;
  bool local;
  std::int64_t evaluations;
  Shares from;
  double step;
  std::uint64_t number;  // of the search's legs, for its draws
};

void optimise(Optimisation& optimisation, const Leg& leg, const std::string& word) {
  BYZ_CHECK(leg.evaluations >= 1, "an optimisation evaluates its objective");
  ::nlopt::opt opt(leg.algorithm, static_cast<unsigned>(leg.from.size()));
  opt.set_lower_bounds(0.0);
  opt.set_upper_bounds(1.0);
  // Known candidates count here too: a leg ends even where it finds nothing new.
  opt.set_maxeval(static_cast<int>(leg.evaluations));
  if (leg.local) opt.set_xtol_abs(kSmallestStep);
  if (leg.step > 0) opt.set_initial_step(leg.step);
  opt.set_max_objective(objective, &optimisation);
  // NLopt's generator is this thread's; whatever ran before, its draws are those of this seed.
  nlopt_srand(static_cast<unsigned long>(optimisation.task.stream(leg.number).bits()));
  Shares point = leg.from;
  double harm = 0;
  try {
    opt.optimize(point, harm);
  } catch (const ::nlopt::forced_stop&) {
    // Both are ordinary ends: what was found until then is in the trials.
  } catch (const ::nlopt::roundoff_limited&) {
  } catch (const std::runtime_error& error) {
    throw InputError({"nlopt", word + " failed: " + error.what(), "choose another"});
  } catch (const std::invalid_argument& error) {
    throw InputError({"nlopt", word + " cannot search this: " + error.what(), "choose another"});
  }
  if (optimisation.error) std::rethrow_exception(optimisation.error);
}

// The scenario's own values, or others drawn for the leg of that number.
Shares starting_point(const SearchTask& task, std::uint64_t leg) {
  Stream stream = task.stream(leg);
  Shares shares;
  for (const SearchVariable& each : task.variables)
    shares.push_back(leg == 0 ? share_now(each) : stream.uniform());
  return shares;
}

// A global algorithm goes on to the end. A local one begins anew where it has converged: anywhere,
// or after a global one at the worst that was found, with half the step before, and anywhere once
// that is small.
std::vector<Trial> search_nlopt(const SearchTask& task) {
  const auto algorithm = std::find_if(
      algorithms().begin(), algorithms().end(),
      [&](const Algorithm& each) { return each.word == task.parameters.word("algorithm"); });
  BYZ_CHECK(algorithm != algorithms().end(), "the algorithm is one of those declared");
  BYZ_CHECK(!task.variables.empty(), "there is a variable to choose");
  Optimisation optimisation{task};
  std::uint64_t leg = 0;
  if (algorithm->global) {
    const std::int64_t share = algorithm->local ? kGlobalShare : 1;
    optimise(optimisation,
             // Rounded up: a global search has one evaluation at least.
             {*algorithm->global, false, (task.evaluations + share - 1) / share,
              starting_point(task, leg), 0, leg},
             algorithm->word);
    ++leg;
  }
  bool anywhere = !algorithm->global;
  double step = anywhere ? 0 : kNearbyStep;
  while (algorithm->local && !optimisation.ended && optimisation.left() > 0) {
    const std::int64_t left = optimisation.left();
    const Shares from = anywhere ? starting_point(task, leg) : optimisation.worst;
    optimise(optimisation, {*algorithm->local, true, left, from, step, leg}, algorithm->word);
    // A leg from a new point that ran nothing new: others would not either.
    if (anywhere && optimisation.left() == left) break;
    ++leg;
    if (!algorithm->global) continue;
    step /= 2;
    anywhere = step < kSmallestStep;
    if (anywhere) step = kNearbyStep;
  }
  return std::move(optimisation.trials);
}

}  // namespace

SearchStrategy nlopt() {
  return {
      {"nlopt",
       "an optimiser without derivatives, one evaluation after the other; a local one begins at "
       "the scenario's values and restarts at random once it has converged; after a global one it "
       "begins at the worst found",
       "Johnson, The NLopt nonlinear-optimization package: DIRECT-L (Gablonsky and Kelley "
       "2001), BOBYQA (Powell 2009), Nelder-Mead (1965), CRS2 (Kaelo and Ali 2006), ISRES "
       "(Runarsson and Yao 2005)",
       {word("algorithm", words(),
             "direct_l, crs2 and isres search the whole range, bobyqa and nelder_mead nearby, and "
             "direct_l_nelder_mead the whole range for a third of the evaluations, then nearby")}},
      search_nlopt};
}

}  // namespace byzsim::searches_list

namespace byzsim {

std::string optimizer_library_version() {
  return std::to_string(nlopt::version_major()) + "." + std::to_string(nlopt::version_minor()) +
         "." + std::to_string(nlopt::version_bugfix());
}

}  // namespace byzsim
