// What a search is asked, checked: the scenario, what may be chosen in it, and how it is searched.
#pragma once

#include <string>
#include <vector>

#include "adversaries/search/search.h"
#include "core/input/json.h"
#include "tools/input/scenario_source.h"

namespace byzsim {

/// As typed.
struct SearchWords {
  std::string strategy = "random";         ///< a name, or an object with its parameters
  std::vector<std::string> strategy_sets;  ///< "name=value"
  std::string objective = "drift";
  std::vector<std::string> over;  ///< "POINTER" or "POINTER=LOW..HIGH[:log]"
  std::int64_t evaluations = 100;
};

/// Checked. Variables are empty for a strategy that does not search over numbers.
struct SearchRequest {
  Scenario scenario;
  Choice strategy;
  Objective objective;
  std::vector<SearchVariable> variables;
  std::int64_t evaluations = 0;
};

/// Reads the scenario and every word. Throws InputError. A strategy that searches over numbers has
/// at least one.
SearchRequest read_search(const ScenarioSource& source, const SearchWords& asked);

/// "POINTER" or "POINTER=LOW..HIGH" or "POINTER=LOW..HIGH:log": the number of the scenario at the
/// pointer, or all below it. Throws InputError.
std::vector<SearchVariable> read_over(const std::string& over, const Scenario& scenario);

/// Everything that decides the outcome.
Json to_json(const SearchRequest& request);

/// 16 hex digits over that, without the scenario's name and summary.
std::string id_of(const SearchRequest& request);

}  // namespace byzsim
