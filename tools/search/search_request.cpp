#include "tools/search/search_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "adversaries/known_strategies.h"
#include "core/exact/digest.h"
#include "core/input/parameter_reader.h"
#include "sim/scenario/scenario_json.h"
#include "tools/run/branch_point.h"

namespace byzsim {
namespace {

Json strategy_json(const SearchWords& asked) {
  Json json = value_of(asked.strategy, "--strategy");
  for (const std::string& set : asked.strategy_sets) {
    const std::size_t equals = set.find('=');
    // A slash before "=" would lead into another place than a parameter.
    if (equals == std::string::npos || equals == 0 || set.find('/') < equals)
      throw InputError({"--strategy-set " + set, "must be name=value",
                        "for example --strategy-set algorithm=crs2"});
    apply({"/parameters/" + set.substr(0, equals),
           value_of(set.substr(equals + 1), "--strategy-set " + set)},
          json, "--strategy-set " + set);
  }
  return json;
}

Choice read_strategy(const Json& json, const std::string& place) {
  Issues issues;
  Notes notes;
  Choice choice = read_choice(searches().declarations(), "strategy", json, place, issues, notes);
  throw_if_any(issues);
  return choice;
}

double end_of_range(const Json& end, const SearchVariable& variable, const std::string& where) {
  Issues issues;
  const auto value = read_value(variable.declared, end, where, issues);
  throw_if_any(issues);
  if (const auto* whole = std::get_if<std::int64_t>(&*value)) return double(*whole);
  if (const auto* real = std::get_if<double>(&*value)) return *real;
  // A keyword ("auto") is a value of the parameter, and no end of a range.
  throw InputError({where, "the ends of a range must be numbers, not " + brief(end), ""});
}

void set_range(SearchVariable& variable, const Over& over) {
  variable.low = end_of_range(over.range->first, variable, over.where);
  variable.high = end_of_range(over.range->second, variable, over.where);
  variable.logarithmic = over.logarithmic;
  if (!(variable.low < variable.high))
    throw InputError({over.where, "the upper end must be above the lower end", "write LOW..HIGH"});
  if (variable.logarithmic && variable.low <= 0)
    throw InputError({over.where, "a logarithmic range must be above 0", "leave :log out"});
}

std::vector<std::string> pointers_of(const Scenario& scenario) {
  std::vector<std::string> pointers;
  for (const SearchVariable& each : numbers_of(scenario)) pointers.push_back(each.pointer);
  return pointers;
}

std::vector<SearchVariable> numbers_over(const Over& over, const Scenario& scenario) {
  if (!over.pointer.starts_with('/'))
    throw InputError({over.where, "must be a JSON pointer, which begins with a slash",
                      "for example /adversary/workers/parameters/factor"});
  std::vector<SearchVariable> variables = numbers_below(scenario, over.pointer);
  if (variables.empty())
    throw InputError({over.where, "this scenario has no number at " + over.pointer + " or below it",
                      choose_from(over.pointer, pointers_of(scenario))});
  // Without a range each keeps its own (variable_of).
  if (!over.range) return variables;
  if (variables.size() > 1)
    throw InputError({over.where,
                      fmt::format("{} numbers are below {}, but a range is for one number",
                                  variables.size(), over.pointer),
                      "give one of them"});
  set_range(variables.front(), over);
  return variables;
}

Json variable_json(const SearchVariable& variable) {
  return {{"pointer", variable.pointer},
          {"low", value_at(variable, 0)},
          {"high", value_at(variable, 1)},
          {"scale", variable.logarithmic ? "logarithmic" : "linear"}};
}

// The drift of one server is always 0.
bool drifts(const Scenario& scenario) { return scenario.servers.correct() > 1; }

std::string objective_for(const SearchWords& asked, const Scenario& scenario) {
  const bool of_drift = asked.objective == "drift" || asked.objective.starts_with("drift:");
  if (of_drift && !drifts(scenario))
    throw InputError({"--objective", "one honest server drifts from none: its drift is always 0",
                      "choose loss or accuracy, or more servers"});
  if (!asked.objective.empty()) return asked.objective;
  return drifts(scenario) || scenario.numbers == Numbers::none ? "drift" : "loss";
}

}  // namespace

Over read_over(const std::string& text) {
  const std::string where = "--over " + text;
  const std::size_t equals = std::min(text.find('='), text.size());
  Over over{.pointer = text.substr(0, equals), .where = where};
  if (!over.pointer.starts_with('/'))
    throw InputError({where, "must be a JSON pointer, optionally with =LOW..HIGH",
                      "for example --over /adversary/workers/parameters/factor=1..100"});
  if (equals == text.size()) return over;
  std::string range = text.substr(equals + 1);
  const std::size_t colon = std::min(range.rfind(':'), range.size());
  const std::string scale = range.substr(colon);
  if (!scale.empty() && scale != ":log" && scale != ":lin")
    throw InputError({where, "unknown scale '" + scale.substr(1) + "'", "write :log or :lin"});
  range.resize(colon);
  const std::size_t dots = range.find("..");
  if (dots == std::string::npos)
    throw InputError({where, "'" + range + "' is not a range", "write LOW..HIGH"});
  over.range = {value_of(range.substr(0, dots), where), value_of(range.substr(dots + 2), where)};
  over.logarithmic = scale == ":log";
  return over;
}

std::vector<SearchVariable> variables_of(const std::vector<Over>& overs, const Scenario& scenario) {
  // What an adversary may choose: other numbers would change the defenders, too.
  if (overs.empty()) return numbers_of_adversary(scenario);
  std::vector<SearchVariable> all;
  for (const Over& over : overs)
    for (SearchVariable& each : numbers_over(over, scenario)) {
      if (std::any_of(all.begin(), all.end(),
                      [&](const SearchVariable& other) { return other.pointer == each.pointer; }))
        throw InputError({over.where, each.pointer + " is given twice", "give each number once"});
      all.push_back(std::move(each));
    }
  return all;
}

SearchRequest request_of(const SearchAsked& asked) {
  SearchRequest request{asked.scenario,
                        read_strategy(asked.strategy, asked.strategy_place),
                        asked.objective,
                        {},
                        asked.evaluations};
  if (!searches().at(request.strategy.name).over_variables) {
    if (asked.over.empty()) return request;
    throw InputError({asked.over_place,
                      "the strategy " + request.strategy.name + " does not search over numbers",
                      "leave it out, or choose another strategy (byzsim list searches)"});
  }
  request.variables = variables_of(asked.over, request.scenario);
  if (request.variables.empty())
    throw InputError({asked.over_place,
                      "the attacks and the scheduler have no numbers to search over",
                      "give some: " + asked.over_place +
                          " /network/delay, or choose an attack or a scheduler that "
                          "has parameters (byzsim describe NAME)"});
  return request;
}

SearchRequest read_search(const ScenarioSource& source, const SearchWords& asked, int threads) {
  Scenario scenario = load_scenario(source);
  const std::string objective = objective_for(asked, scenario);
  SearchAsked values{.scenario = std::move(scenario),
                     .strategy = strategy_json(asked),
                     .objective = read_objective(objective),
                     .over = {},
                     .evaluations = asked.evaluations};
  for (const std::string& over : asked.over) values.over.push_back(read_over(over));
  if (asked.from.empty()) return request_of(values);
  // Without the trunk at first, which may take long: what is wrong is found before.
  const Scenario trunk = values.scenario;
  request_of(values);
  BranchPoint point = point_named(asked.from, trunk, threads, "--from");
  values.scenario = branch_of(trunk, point.event);
  SearchRequest request = request_of(values);
  request.made = std::move(point.made);
  return request;
}

Json to_json(const SearchRequest& request) {
  Json variables = Json::array();
  for (const SearchVariable& each : request.variables) variables.push_back(variable_json(each));
  return {{"strategy", write_choice(searches().declarations(), request.strategy)},
          {"objective", request.objective.name},
          {"evaluations", request.evaluations},
          {"variables", variables},
          {"scenario", write_scenario(request.scenario, scenario_tables())}};
}

std::string id_of(const SearchRequest& request) {
  Json json = to_json(request);
  // Renaming a scenario, or another summary, does not make it another search.
  json["scenario"] = scenario_identity(request.scenario, scenario_tables());
  return to_hex(digest_of(json.dump()));
}

}  // namespace byzsim
