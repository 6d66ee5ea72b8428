// Searches for the worst case by byzsim's strategies, and what any other optimiser needs: the
// numbers that may vary, and single evaluations.
#include <algorithm>
#include <cmath>
#include <optional>

#include "adversaries/known_strategies.h"
#include "core/input/parameter_reader.h"
#include "core/input/units.h"
#include "sim/results/checksums.h"
#include "sim/results/results.h"
#include "tools/python/module/input_errors.h"
#include "tools/python/module/interruption.h"
#include "tools/python/module/models.h"
#include "tools/python/module/modules.h"
#include "tools/python/module/python_call.h"
#include "tools/python/module/resolved_scenario.h"
#include "tools/search/search_files.h"

namespace byzsim::python {
namespace {

// [{"pointer", "low", "high", "logarithmic"}], without low and high for a number's own range.
std::vector<Over> read_overs(const std::string& text) {
  std::vector<Over> overs;
  for (const Json& json : parse_json(text, "variables")) {
    const auto pointer = json.at("pointer").get<std::string>();
    Over over{.pointer = pointer, .where = "variables: " + pointer};
    if (json.contains("low")) over.range = {json.at("low"), json.at("high")};
    over.logarithmic = json.value("logarithmic", false);
    overs.push_back(std::move(over));
  }
  return overs;
}

// A metric by its name, or a function of Python's, (files, models) -> damage, under that name.
Objective objective_of(const std::string& name, const py::object& function,
                       Interruption& interruption) {
  if (function.is_none()) return read_objective(name);
  Objective objective{name, name};
  objective.function = [kept = Kept(function), &interruption](const Simulation& simulation,
                                                              const ServerModels& models) {
    const RunFiles files =
        files_of(result_of(simulation, scenario_tables(), status_of(simulation), {0, 1}));
    // Whoever keeps them keeps them longer than the threads that compute them.
    for (const auto& [server, adopted] : models) adopted.model.values();
    double damage = 0;
    const py::gil_scoped_acquire locked;
    interruption.call(
        [&] { damage = kept.get()(files, models_to_python(models)).template cast<double>(); });
    return damage;
  };
  return objective;
}

// Of the thread of byzsim's that made a trial.
std::function<void()> caller_of(const py::object& function, Interruption& interruption) {
  if (function.is_none()) return {};
  return [&] {
    const py::gil_scoped_acquire locked;
    interruption.call([&] { function(); });
  };
}

// Texts are the bytes of the files; those of the worst are empty where nothing was tried.
struct FinishedSearch {
  std::string id;
  std::string worst_json, search_csv, search_json;
};

FinishedSearch finished(const SearchRequest& request, const SearchOutcome& outcome, int threads) {
  FinishedSearch texts{id_of(request), "", to_csv(table_of(outcome)), ""};
  if (outcome.trials.empty()) return texts;
  texts.worst_json = worst_scenario(request, outcome).dump(2) + "\n";
  texts.search_json = search_json(request, outcome, threads).dump(2) + "\n";
  return texts;
}

// What was found, and the exception that has interrupted the search, or None.
py::tuple search_worst(const ResolvedScenario& resolved, const std::string& strategy,
                       const std::string& objective, const py::object& function,
                       const std::string& overs, std::int64_t evaluations, int threads,
                       const py::object& tried) {
  check_this_thread();
  Interruption interruption;
  const SearchRequest request =
      request_of({.scenario = resolved.scenario,
                  .strategy = parse_json(strategy, "strategy"),
                  .objective = objective_of(objective, function, interruption),
                  .over = read_overs(overs),
                  .evaluations = evaluations,
                  .strategy_place = "strategy",
                  .over_place = "variables"});
  const SearchWatch watch{.quiet = true,
                          .stop = [&] { return interruption.stops(); },
                          .tried = caller_of(tried, interruption)};
  std::optional<SearchOutcome> outcome;
  work_unlocked(interruption, threads > 1, [&] { outcome = run_search(request, threads, watch); });
  return py::make_tuple(finished(request, *outcome, threads), interruption.reason());
}

void save_search(const std::string& directory, const FinishedSearch& search, bool replace) {
  write_directory(directory,
                  with_checksums({{"worst.json", search.worst_json},
                                  {"search.csv", search.search_csv},
                                  {"search.json", search.search_json}}),
                  replace);
}

// Durations are seconds for an optimiser, rates bits a second.
double units_of(const SearchVariable& variable) {
  return variable.declared.type == ParameterType::duration ? double(kSecond) : 1;
}

class PythonSearchSpace {
 public:
  PythonSearchSpace(const ResolvedScenario& resolved, const std::string& overs)
      : scenario_(resolved.scenario), variables_(variables_of(read_overs(overs), scenario_)) {}

  py::list variables() const {
    py::list all;
    for (const SearchVariable& each : variables_) {
      const double unit = units_of(each);
      all.append(py::make_tuple(
          each.pointer, each.low / unit, each.high / unit, each.logarithmic,
          each.declared.type == ParameterType::integer,
          each.declared.type == ParameterType::duration ? "s"
          : each.declared.type == ParameterType::rate   ? "bit/s"
                                                        : "",
          each.now ? py::object(py::float_(*each.now / unit)) : py::object(py::none())));
    }
    return all;
  }
  // As the strategies choose them.
  std::string values_at(const std::vector<double>& shares) const {
    if (shares.size() != variables_.size())
      refuse_argument("shares",
                      "must be " + std::to_string(variables_.size()) +
                          " numbers, one a variable, not " + std::to_string(shares.size()),
                      "variables lists them");
    Json values = Json::object();
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (!(shares[i] >= 0 && shares[i] <= 1))
        refuse_argument("shares", "must be in [0, 1]",
                        "0 is the lower end of a range, 1 the upper");
      values[variables_[i].pointer] = value_at(variables_[i], shares[i]);
    }
    return values.dump();
  }
  // A number in the variable's unit as the scenario's JSON has it.
  std::string value_of_number(const std::string& pointer, double number) const {
    const SearchVariable& variable = variable_at(pointer);
    const double value = number * units_of(variable);
    // A number at an end may have been rounded on its way through seconds.
    const double slack = (variable.high - variable.low) * 1e-12;
    if (!(value >= variable.low - slack && value <= variable.high + slack))
      refuse_argument(pointer,
                      "must be in [" + shown_number(variable.low / units_of(variable)) + ", " +
                          shown_number(variable.high / units_of(variable)) + "], not " +
                          shown_number(number),
                      "variables has the ranges");
    const double within = std::clamp(value, variable.low, variable.high);
    if (variable.declared.type == ParameterType::real) return Json(within).dump();
    return write_value(variable.declared, Value(std::int64_t{std::llround(within)})).dump();
  }
  // The shares of the random strategy's evaluation of that number, from 0.
  std::vector<double> drawn(std::uint64_t number) const {
    Stream stream(scenario_.seed, Purpose::search, 0, number);
    std::vector<double> shares;
    for (std::size_t i = 0; i < variables_.size(); ++i) shares.push_back(stream.uniform());
    return shares;
  }

 private:
  static std::string shown_number(double number) { return Json(number).dump(); }
  const SearchVariable& variable_at(const std::string& pointer) const {
    std::vector<std::string> pointers;
    for (const SearchVariable& each : variables_) {
      if (each.pointer == pointer) return each;
      pointers.push_back(each.pointer);
    }
    throw InputError({pointer, "is not among the variables", choose_from(pointer, pointers)});
  }

  Scenario scenario_;
  std::vector<SearchVariable> variables_;
};

// Single evaluations by one objective.
class PythonObjective {
 public:
  PythonObjective(const std::string& name, const py::object& function)
      : name_(name), function_(function) {}

  // (value or None, damage, digest, diverged).
  py::tuple of(const ResolvedScenario& base, const ResolvedScenario& resolved, int threads) {
    check_this_thread();
    Interruption interruption;
    Objective objective = objective_of(name_, function_, interruption);
    objective.without_enemy = without_enemy_;
    // Of this call alone while the lock is open: another thread of Python's may evaluate, too.
    MadeBefore made = made_;
    std::optional<Trial> trial;
    const SearchWatch watch{.quiet = true, .stop = [&] { return interruption.stops(); }};
    work_unlocked(interruption, threads > 1, [&] {
      trial = evaluate(objective, base.scenario, {resolved.scenario, {}}, threads, made, watch);
    });
    interruption.raise();
    made_ = made;
    without_enemy_ = objective.without_enemy;
    return py::make_tuple(trial->value, trial->harm, trial->digest, trial->diverged);
  }

 private:
  static std::optional<Trial> evaluate(Objective& objective, const Scenario& base,
                                       const Candidate& candidate, int threads, MadeBefore& made,
                                       const SearchWatch& watch) {
    if (!objective.without_enemy) {
      const auto known = known_objective(objective, base, threads, made, watch);
      if (!known) return std::nullopt;
      objective = *known;
    }
    return run_candidate(objective, candidate, threads, made, watch);
  }

  std::string name_;
  py::object function_;
  std::optional<double> without_enemy_;
  MadeBefore made_;
};

}  // namespace

void define_searches(py::module_& module) {
  py::class_<FinishedSearch>(module, "FinishedSearch")
      .def_readonly("id", &FinishedSearch::id)
      .def_readonly("worst_json", &FinishedSearch::worst_json)
      .def_readonly("search_csv", &FinishedSearch::search_csv)
      .def_readonly("search_json", &FinishedSearch::search_json);
  module.def("search", &search_worst, py::arg("scenario"), py::arg("strategy"),
             py::arg("objective"), py::arg("function"), py::arg("variables"),
             py::arg("evaluations"), py::arg("threads"), py::arg("tried"));
  module.def("save_search", &save_search, py::arg("directory"), py::arg("search"),
             py::arg("replace"));
  py::class_<PythonSearchSpace>(module, "SearchSpace")
      .def(py::init<const ResolvedScenario&, const std::string&>(), py::arg("scenario"),
           py::arg("variables"))
      .def("variables", &PythonSearchSpace::variables)
      .def("values_at", &PythonSearchSpace::values_at, py::arg("shares"))
      .def("value_of_number", &PythonSearchSpace::value_of_number, py::arg("pointer"),
           py::arg("number"))
      .def("drawn", &PythonSearchSpace::drawn, py::arg("number"));
  py::class_<PythonObjective>(module, "Objective")
      .def(py::init<const std::string&, const py::object&>(), py::arg("name"), py::arg("function"))
      .def("of", &PythonObjective::of, py::arg("base"), py::arg("scenario"), py::arg("threads"));
}

}  // namespace byzsim::python
