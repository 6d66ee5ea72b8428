#include "tools/scenario_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <iterator>

#include "adversaries/attack.h"
#include "core/issue.h"
#include "sim/results.h"
#include "sim/scenario_json.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> shipped_names() {
  std::vector<std::string> names;
  for (const ShippedScenario& scenario : shipped_scenarios()) names.push_back(scenario.name);
  return names;
}

struct NamedText {
  std::string text;
  std::string origin;  // for messages
  std::string name;    // of a scenario that gives itself none
};

NamedText read_source(const std::string& name) {
  if (name == "-")
    return {{std::istreambuf_iterator<char>(std::cin), {}}, "standard input", "stdin"};
  if (fs::exists(name)) return {read_text(name), name, fs::path(name).stem().string()};
  for (const ShippedScenario& shipped : shipped_scenarios())
    if (shipped.name == name) return {shipped.text, name, name};
  throw InputError(
      {name, "is neither a file nor a shipped scenario", choose_from(name, shipped_names())});
}

Json value_of(const std::string& text) {
  Json value = Json::parse(text, nullptr, false);
  return value.is_discarded() ? Json(text) : value;
}

}  // namespace

void apply_set(Json& json, const std::string& set) {
  const std::string where = "--set " + set;
  const std::size_t equals = set.find('=');
  if (set.empty() || set.front() != '/' || equals == std::string::npos)
    throw InputError(
        {where, "must be /json/pointer=value", "for example --set /workers/byzantine/actual=0"});
  try {
    const Json::json_pointer pointer(set.substr(0, equals));
    json[pointer] = value_of(set.substr(equals + 1));
  } catch (const Json::exception&) {
    throw InputError({where, "the pointer leads through something that is not an object",
                      "byzsim schema scenario shows which keys there are"});
  }
}

Json load_scenario_json(const ScenarioSource& source) {
  const NamedText named = read_source(source.name);
  Json json = parse_json(named.text, named.origin);
  if (!json.is_object())
    throw InputError({named.origin, "a scenario is a JSON object, not " + brief(json), ""});
  // The schema an editor uses is no part of what is run.
  json.erase("$schema");
  if (!json.contains("name")) json["name"] = named.name;
  for (const std::string& set : source.sets) apply_set(json, set);
  return json;
}

Scenario load_scenario(const ScenarioSource& source) {
  return read_scenario(load_scenario_json(source), attacks().declarations());
}

std::string data_root() {
  const char* root = std::getenv("BYZSIM_DATA");
  return root == nullptr ? "" : root;
}

}  // namespace byzsim
