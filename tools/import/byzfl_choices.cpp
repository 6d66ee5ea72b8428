#include "tools/import/byzfl_choices.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "core/input/parameter_reader.h"

namespace byzsim {
namespace {

// Each value with its place; one alone need not stand in a list.
std::vector<std::pair<std::string, const Json*>> listed(const Json& json,
                                                        const std::string& where) {
  if (!json.is_array()) return {{where, &json}};
  std::vector<std::pair<std::string, const Json*>> all;
  for (std::size_t i = 0; i < json.size(); ++i)
    all.emplace_back(fmt::format("{}/{}", where, i), &json[i]);
  return all;
}

const ByzflName* read_name(ByzflKind kind, const Json& json, const std::string& where,
                           Issues& issues) {
  std::vector<std::string> names;
  for (const ByzflName& each : byzfl_names(kind))
    if (each.refusal.empty()) names.push_back(each.theirs);
  if (!json.is_string()) {
    issues.push_back({where,
                      fmt::format("must be the name of a {}, not {}", noun_of(kind), brief(json)),
                      choose_from("", names)});
    return nullptr;
  }
  const std::string name = json.get<std::string>();
  const ByzflName* found = find_byzfl_name(kind, name);
  if (found && found->refusal.empty()) return found;
  issues.push_back({where,
                    found ? fmt::format("{} cannot be imported: {}", name, found->refusal)
                          : fmt::format("unknown {} '{}'", noun_of(kind), name),
                    choose_from(found ? "" : name, names)});
  return nullptr;
}

// Every choice so far with each of the values.
void multiply(std::vector<ByzflChoice>& choices, const std::string& name,
              const std::vector<Value>& values) {
  std::vector<ByzflChoice> all;
  for (const ByzflChoice& choice : choices)
    for (const Value& value : values) {
      all.push_back(choice);
      all.back().parameters.set(name, value);
    }
  choices = std::move(all);
}

bool takes_f(ByzflKind kind) {
  return kind == ByzflKind::rule || kind == ByzflKind::pre_aggregator;
}

// The combinations of the values of its parameters, which `object` has.
std::vector<ByzflChoice> read_parameters_of(const ByzflName& name, const Json& object,
                                            const std::string& where, Issues& issues) {
  std::vector<ByzflChoice> choices = {{&name, {}}};
  for (const ByzflParameter& parameter : name.parameters) {
    const std::string place = pointer_to(where, parameter.theirs.name);
    const Json* held = held_at(object, parameter.theirs.name);
    if (held)
      multiply(choices, parameter.theirs.name,
               read_values(parameter.theirs, *held, true, place, issues));
    else
      multiply(choices, parameter.theirs.name, {parameter.theirs.fallback});
    if (!held && parameter.required)
      issues.push_back({place, "missing; ByzFL has no default", "state it"});
  }
  return choices;
}

std::vector<std::string> keys_of_parameters(ByzflKind kind, const ByzflName& name) {
  std::vector<std::string> known;
  for (const ByzflParameter& each : name.parameters) known.push_back(each.theirs.name);
  // ByzFL puts tolerated_f there, whatever it is.
  if (takes_f(kind)) known.push_back("f");
  return known;
}

// {"name", "parameters"}, or a data distribution, whose one parameter is beside its name.
std::vector<ByzflChoice> read_object(ByzflKind kind, const Json& json, const std::string& where,
                                     Issues& issues) {
  const bool flat = kind == ByzflKind::distribution;
  if (!json.is_object()) {
    issues.push_back({where, "must be an object with a \"name\", not " + brief(json), ""});
    return {};
  }
  refuse_unknown_keys(json, {"name", flat ? "distribution_parameter" : "parameters"}, where,
                      issues);
  const ByzflName* name =
      read_name(kind, json.value("name", Json()), pointer_to(where, "name"), issues);
  if (!name) return {};
  if (flat) return read_parameters_of(*name, json, where, issues);
  static const Json none = Json::object();
  const Json* held = held_at(json, "parameters");
  const std::string place = pointer_to(where, "parameters");
  if (held && !held->is_object()) {
    issues.push_back({place, "must be an object, not " + brief(*held), ""});
    return {};
  }
  if (held) refuse_unknown_keys(*held, keys_of_parameters(kind, *name), place, issues);
  return read_parameters_of(*name, held ? *held : none, place, issues);
}

// Inside of a chain ByzFL takes lists as they are, and no parameter of a pre-aggregator is a list.
ByzflChain read_chain(const Json& json, const std::string& where, Issues& issues) {
  ByzflChain chain;
  for (const auto& [place, each] : listed(json, where)) {
    const auto choices = read_object(ByzflKind::pre_aggregator, *each, place, issues);
    if (choices.size() > 1)
      issues.push_back({place, "a parameter of a pre-aggregator is one value in ByzFL",
                        "write a chain for each: \"pre_aggregators\": [[...], [...]]"});
    if (!choices.empty()) chain.push_back(choices.front());
  }
  return chain;
}

bool is_list_of_lists(const Json& json) {
  return json.is_array() && !json.empty() && json.front().is_array();
}

}  // namespace

const Json* held_at(const Json& object, const std::string& key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::vector<Value> read_values(const Parameter& declared, const Json& json, bool axis,
                               const std::string& where, Issues& issues) {
  std::vector<Value> values;
  if (json.is_array() && json.empty())
    issues.push_back({where, "must not be empty", "leave it out for ByzFL's default"});
  if (json.is_array() && !axis && json.size() > 1)
    issues.push_back({where, "must be one value, not " + brief(json),
                      "leave the others out, or import a file for each"});
  for (const auto& [place, each] : listed(json, where)) {
    const auto value = read_value(declared, *each, place, issues);
    if (!value) continue;
    if (std::find(values.begin(), values.end(), *value) != values.end())
      issues.push_back({place, "duplicate value " + brief(*each), "leave it out"});
    values.push_back(*value);
  }
  if (values.empty()) values.push_back(declared.fallback);
  return values;
}

std::vector<ByzflChoice> read_objects(ByzflKind kind, const Json& json, const std::string& where,
                                      Issues& issues) {
  std::vector<ByzflChoice> all;
  for (const auto& [place, each] : listed(json, where))
    for (ByzflChoice& choice : read_object(kind, *each, place, issues))
      all.push_back(std::move(choice));
  if (json.is_array() && json.empty())
    issues.push_back({where, "must not be empty", "leave it out for ByzFL's default"});
  return all;
}

std::vector<ByzflChoice> read_names(ByzflKind kind, const Json& json, const std::string& where,
                                    Issues& issues) {
  std::vector<ByzflChoice> all;
  for (const auto& [place, each] : listed(json, where))
    if (const ByzflName* name = read_name(kind, *each, place, issues)) all.push_back({name, {}});
  return all;
}

std::vector<ByzflChain> read_chains(const Json& json, const std::string& where, Issues& issues) {
  if (!is_list_of_lists(json)) return {read_chain(json, where, issues)};
  std::vector<ByzflChain> all;
  for (const auto& [place, each] : listed(json, where))
    all.push_back(read_chain(*each, place, issues));
  return all;
}

std::vector<std::vector<std::int64_t>> read_milestones(const Json& json, const std::string& where,
                                                       Issues& issues) {
  const Parameter declared = integers("milestones", {}, 1, 1e9, "");
  std::vector<std::vector<std::int64_t>> all;
  const auto add = [&](const std::string& place, const Json& each) {
    if (const auto value = read_value(declared, each, place, issues))
      all.push_back(std::get<std::vector<std::int64_t>>(*value));
  };
  if (is_list_of_lists(json))
    for (const auto& [place, each] : listed(json, where)) add(place, *each);
  else
    add(where, json);
  return all;
}

}  // namespace byzsim
