#include "tools/shrink/minimal_json.h"

#include <algorithm>
#include <set>

#include "adversaries/known_strategies.h"
#include "core/input/issue.h"
#include "sim/scenario/scenario_json.h"

namespace byzsim {
namespace {

constexpr const char* kScript = "/adversary/script";

bool is_whole(const Json& value) {
  return value.is_number_integer() ||
         (value.is_array() && std::all_of(value.begin(), value.end(), [](const Json& each) {
            return each.is_number_integer();
          }));
}

bool holds_size(const std::string& pointer, const Json& value) {
  if (is_size(pointer, value)) return true;
  if (!value.is_object()) return false;
  for (const auto& [key, held] : value.items())
    if (holds_size(pointer_to(pointer, key), held)) return true;
  return false;
}

void collect_defaults(const std::string& pointer, const Json& object,
                      std::vector<std::string>& found) {
  static const std::set<std::string> kept = {"/name", "/summary", "/expect"};
  for (const auto& [key, value] : object.items()) {
    const std::string here = pointer_to(pointer, key);
    if (kept.contains(here)) continue;
    // Sizes stay, since their defaults may be larger.
    if (!holds_size(here, value)) found.push_back(here);
    if (value.is_object() && here != kScript) collect_defaults(here, value, found);
  }
}

}  // namespace

bool is_size(const std::string& pointer, const Json& value) {
  static const std::set<std::string> named = {"/steps",
                                              "/servers/count",
                                              "/servers/byzantine/declared",
                                              "/servers/byzantine/actual",
                                              "/workers/count",
                                              "/workers/byzantine/declared",
                                              "/workers/byzantine/actual",
                                              "/workers/batch_size",
                                              "/nodes/count",
                                              "/nodes/byzantine/declared",
                                              "/nodes/byzantine/actual",
                                              "/nodes/batch_size",
                                              "/model/name",
                                              "/data/name"};
  const bool of_numbers = pointer.starts_with("/model/") || pointer.starts_with("/data/");
  const bool blank = pointer == "/dimension" && value.is_number();
  return named.contains(pointer) || blank || (of_numbers && is_whole(value));
}

std::vector<std::string> what_can_be_left_out(const Json& scenario) {
  std::vector<std::string> found;
  collect_defaults("", scenario, found);
  return found;
}

Json value_at(const Json& json, const std::string& pointer) {
  const Json::json_pointer at(pointer);
  return json.contains(at) ? json[at] : Json();
}

Json without(Json json, const std::string& pointer) {
  const Json::json_pointer at(pointer);
  json[at.parent_pointer()].erase(at.back());
  return json;
}

std::string id_of_json(const Json& scenario) {
  try {
    return scenario_id(read_scenario(scenario, scenario_tables()), scenario_tables());
  } catch (const InputError&) {
    // Most changes break some condition: that is an answer, and no mistake of the user's.
    return "";
  }
}

Json minimal_json(const Scenario& scenario) {
  Json json = write_scenario(scenario, scenario_tables());
  // A long script takes its time to read, and changes no default.
  const Json script = value_at(json, kScript);
  if (!script.is_null()) json = without(json, kScript);
  // The id, not the text: it is the same exactly where the scenario reads the same.
  const std::string id = id_of_json(json);
  // The places are listed again after each change: what was below a place that went is gone.
  for (std::size_t next = 0;;) {
    const std::vector<std::string> places = what_can_be_left_out(json);
    if (next >= places.size()) break;
    const Json simpler = without(json, places[next]);
    if (id_of_json(simpler) == id)
      json = simpler;
    else
      ++next;
  }
  if (!script.is_null()) json[Json::json_pointer(kScript)] = script;
  return json;
}

}  // namespace byzsim
