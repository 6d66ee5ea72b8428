// What an adversary may choose among: moves, and the numbers of its attacks and scheduler; and what
// it makes worse by them.
#include <string>
#include <vector>

#include "adversaries/known_strategies.h"
#include "adversaries/search/candidate_moves.h"
#include "adversaries/search/objective.h"
#include "adversaries/search/search_space.h"
#include "sim/scenario/scenario_json.h"
#include "tools/python/module/input_errors.h"
#include "tools/python/module/modules.h"
#include "tools/python/module/resolved_scenario.h"
#include "tools/search/search_request.h"

namespace byzsim::python {
namespace {

// As a scenario has it below /adversary/script/moves, without its step.
Json move_json(Scenario scenario, const Move& move) {
  scenario.script = {};
  scenario.script.moves = {move};
  Json written = write_scenario(scenario, scenario_tables());
  Json json = written.at("/adversary/script/moves/0"_json_pointer);
  json.erase("step");
  return json;
}

std::string moves_of(const ResolvedScenario& resolved, bool attacks, bool scheduler,
                     std::int64_t halves) {
  const Scenario& scenario = resolved.scenario;
  Json all = Json::array();
  // Drawn as `byzsim search` draws them, so that both choose among the same.
  for (const Move& move : candidate_moves(scenario, {attacks, scheduler, halves},
                                          Stream(scenario.seed, Purpose::search, 0, 0)))
    all.push_back(move_json(scenario, move));
  return all.dump();
}

// Of each "POINTER", "POINTER=LOW..HIGH" or "POINTER=LOW..HIGH:log"; without any, of the adversary.
std::vector<SearchVariable> numbers_of_actions(const ResolvedScenario& resolved,
                                               const std::vector<std::string>& overs) {
  std::vector<Over> asked;
  for (const std::string& over : overs) try {
      asked.push_back(read_over(over));
      asked.back().where = "actions: " + over;  // not the option's name
    } catch (const InputError& error) {
      Issues issues = error.issues();
      for (Issue& issue : issues) issue.where = "actions: " + over;
      throw InputError(issues);
    }
  return variables_of(asked, resolved.scenario);
}

}  // namespace

void define_decisions(py::module_& module) {
  py::class_<SearchVariable>(module, "Number")
      .def_readonly("pointer", &SearchVariable::pointer)
      .def("value", [](const SearchVariable& variable,
                       double share) { return value_at(variable, share).dump(); })
      .def_property_readonly("share", &share_now);
  module.def(
      "less_is_worse",
      [](const std::string& objective) { return read_objective(objective).less_is_worse; },
      py::arg("objective"));
  module.def("candidate_moves", &moves_of, py::arg("scenario"), py::arg("attacks"),
             py::arg("scheduler"), py::arg("halves"));
  module.def("numbers_over", &numbers_of_actions, py::arg("scenario"), py::arg("overs"));
}

}  // namespace byzsim::python
