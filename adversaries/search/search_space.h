// The numbers of a scenario that a search may choose, each with the range it may choose from.
//
// Inside a search a number is its share of the way through its range, in [0, 1], so that strategies
// need to know neither units nor scales.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/input/json.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// One number of the scenario, found by the walk of its fields.
struct SearchVariable {
  std::string pointer;  ///< where it stands in the scenario: "/adversary/workers/parameters/z"
  Parameter declared;
  std::optional<double> now = {};  ///< the scenario's value; nothing where that is a keyword
  double low = 0;                  ///< the range, both ends included, in the parameter's own unit
  double high = 1;
  bool logarithmic = false;  ///< equal ratios lie equally far apart; `low` is above 0 then
};

/// Whether a parameter is a number: an integer, a real, a duration or a rate.
bool is_searchable(const Parameter& declared);

/// The declared range as far as it lies within ten times the larger of the declared default and the
/// value (where both are 0 or words: within ten, 10 ms, 10 Gbit/s).
SearchVariable variable_of(const std::string& pointer, const Parameter& declared,
                           const Value& value);

/// Every number of the scenario, in the order of its walk.
std::vector<SearchVariable> numbers_of(const Scenario& scenario);

/// Those of them that stand at the pointer or below it.
std::vector<SearchVariable> numbers_below(const Scenario& scenario, const std::string& pointer);

/// The parameters of what the adversary has chosen: of its scheduler, and of the attacks of roles
/// that have Byzantine nodes.
std::vector<SearchVariable> numbers_of_adversary(const Scenario& scenario);

/// The value `share` of the way from low to high, share in [0, 1], as the scenario's JSON has it:
/// six significant digits, a whole number where the parameter is one.
Json value_at(const SearchVariable& variable, double share);

/// How far from low to high the scenario's value lies, within [0, 1]; 0.5 where it is a keyword.
double share_now(const SearchVariable& variable);

/// How many values it can take; infinite but for integers.
double values_of(const SearchVariable& variable);

/// The scenario with each variable at its share of the way, and what that comes to:
/// {"/pointer": value, ...}. Throws InputError where the values break a condition of the scenario.
struct Candidate {
  Scenario scenario;
  Json chosen;
};
Candidate candidate_at(const Scenario& scenario, const std::vector<SearchVariable>& variables,
                       const std::vector<double>& shares);

}  // namespace byzsim
