#include "tools/sweep/whole_keys.h"

#include <algorithm>
#include <span>
#include <vector>

#include "adversaries/known_strategies.h"
#include "core/input/json.h"
#include "sim/scenario/scenario_json.h"

namespace byzsim {
namespace {

using Steps = std::span<const std::string>;

// The steps of a pointer; none for a text that is no pointer.
std::vector<std::string> steps_of(const std::string& pointer) {
  std::vector<std::string> steps;
  try {
    for (Json::json_pointer rest(pointer); !rest.empty(); rest.pop_back())
      steps.insert(steps.begin(), rest.back());
  } catch (const Json::exception&) {
    return {};
  }
  return steps;
}

bool is_index(const std::string& token) {
  return !token.empty() && token.find_first_not_of("0123456789") == std::string::npos;
}

// Adds the types that the schema has for what lies at the end of these steps.
void add_types(const Json& schema, Steps steps, std::vector<std::string>& types) {
  // Any strategy that may stand there: which one a point names is not known yet.
  for (const Json& one : schema.value("anyOf", Json::array())) add_types(one, steps, types);
  if (steps.empty()) {
    const Json type = schema.value("type", Json());
    for (const Json& each : type.is_array() ? type : Json::array({type}))
      if (each.is_string()) types.push_back(each.get<std::string>());
    return;
  }
  const Json properties = schema.value("properties", Json::object());
  if (const auto it = properties.find(steps[0]); it != properties.end())
    add_types(*it, steps.subspan(1), types);
  if (is_index(steps[0]) && schema.contains("items"))
    add_types(schema["items"], steps.subspan(1), types);
}

}  // namespace

bool takes_whole_numbers(const std::string& pointer) {
  std::vector<std::string> types;
  const std::vector<std::string> steps = steps_of(pointer);
  add_types(scenario_schema(scenario_tables()), steps, types);
  const auto has = [&](const char* type) {
    return std::find(types.begin(), types.end(), type) != types.end();
  };
  // A key that some strategy takes as a real number keeps its fractions.
  return has("integer") && !has("number");
}

}  // namespace byzsim
