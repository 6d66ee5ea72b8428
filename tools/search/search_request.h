// What a search is asked, checked: the scenario, what may be chosen in it, and how it is searched.
#pragma once

#include <string>
#include <vector>

#include "adversaries/search/search.h"
#include "core/input/json.h"
#include "tools/line/command_line.h"

namespace byzsim {

struct SearchRequest {
  Scenario scenario;
  Choice strategy;
  Objective objective;
  std::vector<SearchVariable> variables;
  std::int64_t evaluations = 0;
};

/// Reads the scenario and every option. Throws InputError.
SearchRequest read_search(const Options& options);

/// "POINTER" or "POINTER=LOW..HIGH" or "POINTER=LOW..HIGH:log": the number of the scenario at the
/// pointer, or all below it. Throws InputError.
std::vector<SearchVariable> read_over(const std::string& over, const Scenario& scenario);

/// Everything that decides the outcome.
Json to_json(const SearchRequest& request);

/// 16 hex digits over that, without the scenario's name and summary.
std::string id_of(const SearchRequest& request);

}  // namespace byzsim
