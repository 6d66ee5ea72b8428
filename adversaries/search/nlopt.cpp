#include <cmath>
#include <exception>
#include <nlopt.hpp>

#include "adversaries/search.h"
#include "core/issue.h"

namespace byzsim::searches_list {
namespace {

struct Algorithm {
  std::string word;
  ::nlopt::algorithm algorithm;
  bool local;  // ends where it finds no worse nearby
};

const std::vector<Algorithm>& algorithms() {
  static const std::vector<Algorithm> all = {{"direct_l", ::nlopt::GN_DIRECT_L, false},
                                             {"bobyqa", ::nlopt::LN_BOBYQA, true},
                                             {"nelder_mead", ::nlopt::LN_NELDERMEAD, true},
                                             {"crs2", ::nlopt::GN_CRS2_LM, false},
                                             {"isres", ::nlopt::GN_ISRES, false}};
  return all;
}

std::vector<std::string> words() {
  std::vector<std::string> words;
  for (const Algorithm& each : algorithms()) words.push_back(each.word);
  return words;
}

constexpr double kSmallestStep = 1e-3;  // of a range, where a local algorithm has converged

// What NLopt's function is called with.
struct Optimisation {
  const SearchTask& task;
  std::vector<Trial> trials = {};
  std::exception_ptr error = {};  // of an evaluation; NLopt would replace it
  bool ended = false;             // NLopt may go on for a while after it was told to stop

  std::int64_t left() const { return task.evaluations - static_cast<std::int64_t>(trials.size()); }
};

// The harm of the candidate at these shares. Throws what stops NLopt.
double evaluate(Optimisation& optimisation, const std::vector<double>& shares) {
  const SearchTask& task = optimisation.task;
  if (optimisation.ended || optimisation.left() == 0) throw ::nlopt::forced_stop();
  std::vector<Trial> trials = task.evaluate({candidate_at(task.scenario, task.variables, shares)});
  optimisation.ended = trials.empty();  // interrupted
  if (trials.empty()) throw ::nlopt::forced_stop();
  optimisation.trials.push_back(std::move(trials.front()));
  const double harm = optimisation.trials.back().harm;
  optimisation.ended = std::isinf(harm);  // nothing is worse, and no algorithm takes it
  if (optimisation.ended) throw ::nlopt::forced_stop();
  return harm;
}

double objective(const std::vector<double>& shares, std::vector<double>&, void* data) {
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

// From the scenario's own values, or from others drawn for the `start`-th beginning.
std::vector<double> starting_point(const SearchTask& task, std::uint64_t start) {
  Stream stream = task.stream(start);
  std::vector<double> shares;
  for (const SearchVariable& each : task.variables)
    shares.push_back(start == 0 ? share_now(each) : stream.uniform());
  return shares;
}

void optimise(Optimisation& optimisation, const Algorithm& algorithm, std::uint64_t start) {
  const SearchTask& task = optimisation.task;
  ::nlopt::opt opt(algorithm.algorithm, static_cast<unsigned>(task.variables.size()));
  opt.set_lower_bounds(0.0);
  opt.set_upper_bounds(1.0);
  opt.set_maxeval(static_cast<int>(optimisation.left()));
  if (algorithm.local) opt.set_xtol_abs(kSmallestStep);
  opt.set_max_objective(objective, &optimisation);
  // NLopt's generator is this thread's; whatever ran before, its draws are those of this seed.
  nlopt_srand(static_cast<unsigned long>(task.stream(start).bits()));
  std::vector<double> point = starting_point(task, start);
  double harm = 0;
  try {
    opt.optimize(point, harm);
  } catch (const ::nlopt::forced_stop&) {
  } catch (const ::nlopt::roundoff_limited&) {
  } catch (const std::runtime_error& error) {
    throw InputError({"nlopt", algorithm.word + " failed: " + error.what(), "choose another"});
  } catch (const std::invalid_argument& error) {
    throw InputError(
        {"nlopt", algorithm.word + " cannot search this: " + error.what(), "choose another"});
  }
  if (optimisation.error) std::rethrow_exception(optimisation.error);
}

std::vector<Trial> search(const SearchTask& task) {
  Algorithm algorithm;
  for (const Algorithm& each : algorithms())
    if (each.word == task.parameters.word("algorithm")) algorithm = each;
  Optimisation optimisation{task};
  std::int64_t left = 0;
  for (std::uint64_t start = 0; !optimisation.ended && optimisation.left() > 0; ++start) {
    left = optimisation.left();
    optimise(optimisation, algorithm, start);
    if (!algorithm.local || optimisation.left() == left) break;
  }
  return std::move(optimisation.trials);
}

}  // namespace

SearchStrategy nlopt() {
  return {
      {"nlopt",
       "an optimiser without derivatives, one evaluation after the other; a local one begins at "
       "the scenario's own values, and where it has converged anew at random",
       "Johnson, The NLopt nonlinear-optimization package: DIRECT-L (Gablonsky and Kelley "
       "2001), BOBYQA (Powell 2009), Nelder-Mead (1965), CRS2 (Kaelo and Ali 2006), ISRES "
       "(Runarsson and Yao 2005)",
       {word("algorithm", words(),
             "direct_l, crs2 and isres search the whole range, the others nearby")}},
      search};
}

}  // namespace byzsim::searches_list

namespace byzsim {

std::string optimizer_library_version() {
  return std::to_string(nlopt::version_major()) + "." + std::to_string(nlopt::version_minor()) +
         "." + std::to_string(nlopt::version_bugfix());
}

}  // namespace byzsim
