#include "adversaries/search/search_space.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "adversaries/attacks/attack.h"
#include "adversaries/known_strategies.h"
#include "core/check.h"
#include "core/exact/portable_math.h"
#include "core/input/decimal.h"
#include "core/input/parameter_reader.h"
#include "core/input/units.h"
#include "sim/scenario/scenario_json.h"

namespace byzsim {
namespace {

// Declared ranges reach up to 1e12, in which a search would hardly meet a usual size.
constexpr double kTimesDefault = 10;
constexpr double kAboveExcluded = 1e-3;  // of the range, from a bound that is excluded

std::optional<double> number_in(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return double(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::nullopt;
}

double usual_size(ParameterType type) {
  if (type == ParameterType::duration) return double(kMillisecond);
  return type == ParameterType::rate ? 1e9 : 1;
}

class NumberWalk final : public ScenarioWalk {
 public:
  void enter(const std::string& key, const std::string&) override { descend(key); }
  void leave() override { open_.pop_back(); }
  void value(const Parameter& declared, Value& value) override {
    if (is_searchable(declared))
      found.push_back(variable_of(pointer_to(open_.back(), declared.name), declared, value));
  }
  void choice(const std::string& key, const std::string&, const std::vector<Declaration>& among,
              const std::string&, Choice& choice) override {
    descend(key);
    visit(among, choice);
    leave();
  }
  void choices(const std::string& key, const std::string&, const std::vector<Declaration>& among,
               std::vector<Choice>& choices) override {
    descend(key);
    for (std::size_t i = 0; i < choices.size(); ++i) {
      descend(std::to_string(i));
      visit(among, choices[i]);
      leave();
    }
    leave();
  }
  // Optional parts that the scenario lacks stay away: the walk must not add them. What a branch
  // begins with is what it is.
  bool has(const std::string& key, bool held) override { return held && key != "origin"; }
  void node(const std::string&, const std::string&, NodeId&) override {}
  void vector(const std::string&, const std::string&, Payload&) override {}
  void scenario(const std::string&, const std::string&, std::shared_ptr<const Scenario>&) override {
  }
  std::size_t enter_list(const std::string& key, const std::string&, std::size_t size) override {
    descend(key);
    return size;
  }
  void enter_item(std::size_t index) override { descend(std::to_string(index)); }
  void leave_list() override { leave(); }

  std::vector<SearchVariable> found;

 private:
  void descend(const std::string& key) { open_.push_back(pointer_to(open_.back(), key)); }
  void visit(const std::vector<Declaration>& among, Choice& choice) {
    descend("parameters");
    for (const Declaration& declaration : among)
      if (declaration.name == choice.name)
        for (const Parameter& declared : declaration.parameters)
          for (auto [name, held] : choice.parameters.values())
            if (name == declared.name) value(declared, held);
    leave();
  }
  std::vector<std::string> open_ = {""};  // pointers
};

// To six digits, and where the range is narrow to at least three of its width.
double rounded(const SearchVariable& variable, double value) {
  constexpr int kDigits = 6, kDigitsOfWidth = 3;
  const double width = variable.high - variable.low;
  return round_decimals(value, std::max(kDigits - 1 - decimal_exponent(value),
                                        kDigitsOfWidth - 1 - decimal_exponent(width)));
}

double between(const SearchVariable& variable, double share) {
  BYZ_CHECK(!variable.logarithmic || variable.low > 0, "only positive numbers have a logarithm");
  // The ends as they are declared, which rounding and logarithms would miss.
  if (share <= 0) return variable.low;
  if (share >= 1) return variable.high;
  if (!variable.logarithmic)
    return rounded(variable, variable.low + share * (variable.high - variable.low));
  const double low = portable::log(variable.low), high = portable::log(variable.high);
  return rounded(variable, portable::exp(low + share * (high - low)));
}

}  // namespace

bool is_searchable(const Parameter& declared) {
  return declared.type == ParameterType::integer || declared.type == ParameterType::real ||
         declared.type == ParameterType::duration || declared.type == ParameterType::rate;
}

SearchVariable variable_of(const std::string& pointer, const Parameter& declared,
                           const Value& value) {
  BYZ_CHECK(is_searchable(declared), "a variable is a number");
  SearchVariable variable{pointer, declared, number_in(value)};
  const double by_default = std::fabs(number_in(declared.fallback).value_or(0));
  double size = std::max(by_default, std::fabs(variable.now.value_or(0)));
  if (size == 0) size = usual_size(declared.type);
  variable.low = std::max(declared.low, -kTimesDefault * size);
  variable.high = std::min(declared.high, kTimesDefault * size);
  if (declared.low_excluded && variable.low == declared.low)
    variable.low += (variable.high - variable.low) * kAboveExcluded;
  return variable;
}

std::vector<SearchVariable> numbers_of(const Scenario& scenario) {
  Scenario copy = scenario;  // the walk may write; this one does not
  NumberWalk walk;
  describe(copy, walk, scenario_tables());
  return walk.found;
}

std::vector<SearchVariable> numbers_below(const Scenario& scenario, const std::string& pointer) {
  std::vector<SearchVariable> below;
  for (SearchVariable& each : numbers_of(scenario))
    if (each.pointer == pointer || each.pointer.starts_with(pointer + "/"))
      below.push_back(std::move(each));
  return below;
}

std::vector<SearchVariable> numbers_of_adversary(const Scenario& scenario) {
  std::vector<SearchVariable> all = numbers_below(scenario, "/adversary/scheduler");
  for (const Role role : {Role::worker, Role::server}) {
    // Nodes have one attack, unless another one is given for gradients.
    if (role == Role::worker && scenario.one_role &&
        scenario.worker_attack == scenario.server_attack)
      continue;
    if (scenario.group_of(role).byzantine.actual == 0) continue;
    const Choice& attack = role == Role::worker ? scenario.worker_attack : scenario.server_attack;
    const std::vector<Parameter>& declared = attacks().at(attack.name).declaration.parameters;
    for (SearchVariable& each :
         numbers_below(scenario, place_of_attack(scenario, role) + "/parameters"))
      // What has no effect beside the others would be searched in vain.
      if (counts(each.declared, declared, attack.parameters)) all.push_back(std::move(each));
  }
  return all;
}

Json value_at(const SearchVariable& variable, double share) {
  // Rounding to few digits may have left the range.
  const double value = std::clamp(between(variable, share), variable.low, variable.high);
  if (variable.declared.type == ParameterType::real) return value;
  return write_value(variable.declared, Value(static_cast<std::int64_t>(std::llround(value))));
}

double share_now(const SearchVariable& variable) {
  BYZ_CHECK(!variable.logarithmic || variable.low > 0, "only positive numbers have a logarithm");
  if (!variable.now || variable.low == variable.high) return 0.5;
  const double now = std::clamp(*variable.now, variable.low, variable.high);
  if (!variable.logarithmic) return (now - variable.low) / (variable.high - variable.low);
  const double low = portable::log(variable.low), high = portable::log(variable.high);
  return std::clamp((portable::log(now) - low) / (high - low), 0.0, 1.0);
}

double values_of(const SearchVariable& variable) {
  if (variable.declared.type != ParameterType::integer)
    return std::numeric_limits<double>::infinity();
  return std::floor(variable.high) - std::ceil(variable.low) + 1;
}

Candidate candidate_at(const Scenario& scenario, const std::vector<SearchVariable>& variables,
                       const std::vector<double>& shares) {
  BYZ_CHECK(variables.size() == shares.size(), "a candidate needs a share of each variable");
  // Through JSON, so that a candidate passes every check that a scenario of a file does.
  Json json = write_scenario(scenario, scenario_tables()), chosen = Json::object();
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const Json value = value_at(variables[i], shares[i]);
    json[Json::json_pointer(variables[i].pointer)] = value;
    chosen[variables[i].pointer] = value;
  }
  return {read_scenario(json, scenario_tables()), chosen};
}

}  // namespace byzsim
