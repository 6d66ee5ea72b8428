#include "sim/scenario/stored_keywords.h"

#include <algorithm>
#include <string>
#include <vector>

#include "sim/scenario/scenario_json.h"

namespace byzsim {
namespace {

constexpr const char* kKeyword = "auto";

// Of each group, wherever it stands, and of the protocol.
std::vector<std::string> places_of_keywords(const std::string& protocol,
                                            const ScenarioTables& tables) {
  std::vector<std::string> places = {"/servers/quorum", "/workers/quorum", "/nodes/quorum",
                                     "/nodes/gradients/quorum"};
  for (const ProtocolConditions& each : tables.protocols) {
    if (each.declaration.name != protocol) continue;
    for (const Parameter& parameter : each.declaration.parameters)
      if (std::count(parameter.words.begin(), parameter.words.end(), kKeyword) > 0)
        places.push_back("/protocol/parameters/" + parameter.name);
  }
  return places;
}

}  // namespace

Json with_keywords(const Json& resolved, const ScenarioTables& tables) {
  try {
    const Scenario scenario = read_scenario(resolved, tables);
    if (scenario.origin) return resolved;
    const Json written = write_scenario(scenario, tables);
    Json json = resolved;
    for (const std::string& place : places_of_keywords(scenario.protocol.name, tables)) {
      const Json::json_pointer pointer(place);
      if (!json.contains(pointer)) continue;
      Json changed = json;
      changed[pointer] = kKeyword;
      if (write_scenario(read_scenario(changed, tables), tables) == written) json = changed;
    }
    return json;
  } catch (const InputError&) {
    return resolved;  // what is wrong is reported where it is read for a run
  }
}

}  // namespace byzsim
