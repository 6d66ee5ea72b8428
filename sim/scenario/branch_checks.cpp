#include "sim/scenario/branch_checks.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "core/check.h"
#include "core/input/json.h"
#include "sim/scenario/scenario_json.h"

namespace byzsim {
namespace {

// What may change in the midst of a run.
constexpr std::array kFree = {"/name",
                              "/summary",
                              "/unsafe",
                              "/plugins",
                              "/steps",
                              "/time_limit",
                              "/adversary",
                              "/network/delay",
                              "/network/links",
                              "/network/faults",
                              "/compute",
                              "/servers/pre",
                              "/servers/aggregator",
                              "/workers/pre",
                              "/workers/aggregator",
                              "/nodes/pre",
                              "/nodes/aggregator",
                              "/nodes/gradients/pre",
                              "/nodes/gradients/aggregator",
                              "/optimizer/rate",
                              "/optimizer/weight_decay",
                              "/expect",
                              "/keep"};

// Why other keys may not; the first that fits counts.
constexpr std::array<std::pair<const char*, const char*>, 11> kReasons = {{
    {"/seed", "data and shares were made from it at the beginning of the trunk"},
    {"/protocol", "nodes are in the midst of it"},
    {"/servers", "the servers were made at the beginning of the trunk"},
    {"/workers", "the workers were made at the beginning of the trunk"},
    {"/nodes", "the nodes were made at the beginning of the trunk"},
    {"/topology", "nodes wait for their neighbours on the old one"},
    {"/topology_changes", "nodes know all graphs from the beginning of the trunk"},
    {"/optimizer", "nodes hold momentum of the old one"},
    {"/network", "messages under way have begun by the old one"},
    {"/metrics", "rows are recorded by it from the beginning"},
    {"", "models, data and shares were made of it at the beginning of the trunk"},
}};

bool is_below(std::string_view pointer, std::string_view key) {
  return pointer.starts_with(key) &&
         (pointer.size() == key.size() || key.empty() || pointer[key.size()] == '/');
}

}  // namespace

void check_branch(const Scenario& branch, const ScenarioTables& tables, Issues& issues) {
  BYZ_CHECK(branch.origin && branch.origin->trunk, "a branch was read with its trunk");
  Json now = write_scenario(branch, tables);
  Json before = write_scenario(*branch.origin->trunk, tables);
  // A trunk may be a branch itself; that of the branch is what is compared.
  now.erase("origin");
  before.erase("origin");
  for (const Json& change : Json::diff(before, now)) {
    const std::string pointer = change.at("path").get<std::string>();
    const auto lets = [&](const char* key) { return is_below(pointer, key); };
    if (std::any_of(kFree.begin(), kFree.end(), lets)) continue;
    const auto reason = std::find_if(kReasons.begin(), kReasons.end(),
                                     [&](const auto& each) { return lets(each.first); });
    issues.push_back({pointer, std::string("cannot change within a run: ") + reason->second,
                      "leave it as the trunk has it; a branch may change the adversary, delays, "
                      "links, faults, rules, the rate, steps and expectations"});
  }
}

}  // namespace byzsim
