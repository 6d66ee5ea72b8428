// What a search is asked, checked: the scenario, what may be chosen in it, and how it is searched.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adversaries/search/search.h"
#include "core/input/json.h"
#include "tools/input/scenario_source.h"
#include "tools/run/replay.h"

namespace byzsim {

/// As typed.
struct SearchWords {
  std::string strategy = "random";         ///< a name, or an object with its parameters
  std::vector<std::string> strategy_sets;  ///< "name=value"
  std::string objective;  ///< empty: drift, or loss where one honest server drifts from none
  std::vector<std::string> over;  ///< "POINTER" or "POINTER=LOW..HIGH[:log]"
  std::int64_t evaluations = 100;
  std::string from;  ///< a snapshot or a moment, where its runs begin; empty: at their beginning
};

/// The number of a scenario at a pointer, or all below it.
struct Over {
  std::string pointer;
  std::optional<std::pair<Json, Json>> range = {};  ///< of one number; its own by default
  bool logarithmic = false;
  std::string where;  ///< for messages: "--over /seed"
};

/// As values.
struct SearchAsked {
  Scenario scenario;
  Json strategy;  ///< a name, or an object with its parameters
  Objective objective;
  std::vector<Over> over;  ///< empty: the parameters of the attacks and the scheduler
  std::int64_t evaluations = 0;
  std::string strategy_place = "--strategy", over_place = "--over";  ///< for messages
};

/// Checked. Variables are empty for a strategy that does not search over numbers.
struct SearchRequest {
  Scenario scenario;
  Choice strategy;
  Objective objective;
  std::vector<SearchVariable> variables;
  std::int64_t evaluations = 0;
  MadeBefore made = {};  ///< what its runs share; decides nothing
};

/// Reads the scenario and every word, and runs as far as its runs begin. Throws InputError. A
/// strategy that searches over numbers has at least one.
SearchRequest read_search(const ScenarioSource& source, const SearchWords& asked, int threads);

/// The same of values. Throws InputError.
SearchRequest request_of(const SearchAsked& asked);

/// "POINTER" or "POINTER=LOW..HIGH" or "POINTER=LOW..HIGH:log". Throws InputError.
Over read_over(const std::string& text);

/// The numbers of the scenario, each once; those of the adversary where `overs` is empty. Throws
/// InputError.
std::vector<SearchVariable> variables_of(const std::vector<Over>& overs, const Scenario& scenario);

/// Everything that decides the outcome.
Json to_json(const SearchRequest& request);

/// 16 hex digits over that, without the scenario's name and summary.
std::string id_of(const SearchRequest& request);

}  // namespace byzsim
