#include "tools/shrink/fewer_nodes.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "sim/world/node_set.h"
#include "tools/shrink/minimal_json.h"
#include "tools/shrink/smaller_scenarios.h"

namespace byzsim {
namespace {

// The key of the nodes of a role; where every node has both, all are "nodes",
// with the role server.
std::string group_of(const Json& scenario, Role role) {
  if (scenario.contains("nodes")) return "nodes";
  return role == Role::server ? "servers" : "workers";
}

// The nodes that go.
struct Gone {
  Role role;
  std::string group;  // its key
  std::int64_t first, count;

  bool contains(std::int64_t index) const { return index >= first && index < first + count; }
  /// How many of them lie before the index: so far the node there moves up.
  std::int64_t before(std::int64_t index) const {
    return std::clamp(index - first, std::int64_t{0}, count);
  }
};

// The text for what is left of the set, nothing where none is.
std::optional<std::string> renumbered(const std::string& text, const Gone& gone) {
  const auto set = parse_node_set(text);
  // Other texts stay, and so does a set without an end: it names all that are left.
  if (!set || set->role != gone.role || set->last >= kMostNodes) return text;
  const std::int64_t first = set->first - gone.before(set->first);
  const std::int64_t last = set->last - gone.before(set->last + 1);
  // All that it named are gone.
  if (last < first) return std::nullopt;
  const std::string& group = gone.group;
  return first == last && text.find('-') == std::string::npos
             ? fmt::format("{} {}", group.substr(0, group.size() - 1), first)
             : fmt::format("{} {}-{}", group, first, last);
}

void renumber_indices(Json& indices, const Gone& gone) {
  Json left = Json::array();
  for (const Json& index : indices)
    if (const auto i = index.get<std::int64_t>(); !gone.contains(i))
      left.push_back(i - gone.before(i));
  indices = left;
}

// Whether it names someone who is left, or no one at all.
bool renumber(Json& value, const Gone& gone) {
  if (value.is_string()) {
    const auto left = renumbered(value.get<std::string>(), gone);
    if (left) value = *left;
    return left.has_value();
  }
  bool whole = true;
  if (value.is_array()) {
    Json left = Json::array();
    for (Json& element : value)
      if (renumber(element, gone)) left.push_back(std::move(element));
    value = left;
  } else if (value.is_object()) {
    for (auto& [key, held] : value.items()) {
      // Halves are lists of bare indices, which no text names as nodes.
      if (key == "first_" + gone.group || (key == "first_servers" && gone.role == Role::server))
        renumber_indices(held, gone);
      else
        whole &= renumber(held, gone);
    }
  }
  return whole;
}

struct Counts {
  std::int64_t nodes, declared, actual;
};

Counts counts_of(const Json& group) {
  return {group["count"].get<std::int64_t>(), group["byzantine"]["declared"].get<std::int64_t>(),
          group["byzantine"]["actual"].get<std::int64_t>()};
}

// The same with as many declared as can be, at most `declared`, and if need be with the quorum that
// the protocol derives; nothing where no such scenario can run.
std::optional<Json> allowed(Json scenario, Role role, std::int64_t declared) {
  const std::string name = group_of(scenario, role);
  Json& group = scenario[name];
  const std::int64_t fewest = std::min(counts_of(group).actual, declared);
  for (; declared >= fewest; --declared) {
    group["byzantine"]["declared"] = declared;
    if (!id_of_json(scenario).empty()) return scenario;
    // A quorum that was given may not fit fewer nodes; without it the protocol derives one.
    if (!group.contains("quorum")) continue;
    Json derived = without(scenario, "/" + name + "/quorum");
    if (group.contains("gradients")) derived = without(derived, "/nodes/gradients/quorum");
    if (!id_of_json(derived).empty()) return derived;
  }
  return std::nullopt;
}

void add_smaller(const Json& scenario, Role role, const std::optional<Json>& fewer,
                 std::vector<Smaller>& found) {
  if (!fewer) return;
  const std::string group = group_of(scenario, role);
  const Counts before = counts_of(scenario[group]), after = counts_of((*fewer)[group]);
  found.push_back(
      {fmt::format("{} {} (f = {}, {} Byzantine) -> {} (f = {}, {} Byzantine)", group, before.nodes,
                   before.declared, before.actual, after.nodes, after.declared, after.actual),
       replacement("", *fewer)});
}

// The fewest nodes that may be of whom so many lie, all of them declared.
std::optional<Json> fewest(const Json& scenario, Role role, std::int64_t liars) {
  const Counts counts = counts_of(scenario[group_of(scenario, role)]);
  const std::int64_t correct = counts.nodes - counts.actual;
  const Json fewer_liars = without_nodes(scenario, role, correct + liars, counts.actual - liars);
  // From the fewest on: the first that can run is the smallest, and nothing else is worth a run.
  for (std::int64_t left = 1; left < correct; ++left)
    if (auto fewer = allowed(without_nodes(fewer_liars, role, left, correct - left), role, liars))
      return fewer;
  return std::nullopt;
}

std::vector<Smaller> fewer_nodes(const Json& scenario, Role role) {
  std::vector<Smaller> found;
  const Counts counts = counts_of(scenario[group_of(scenario, role)]);
  std::vector<std::int64_t> liars = sizes_below(counts.actual + 1);
  liars.insert(liars.begin(), 0);
  for (const std::int64_t fewer : liars)
    if (fewer <= counts.actual) add_smaller(scenario, role, fewest(scenario, role, fewer), found);
  std::vector<std::int64_t> sizes = sizes_below(counts.nodes);
  // Large groups first, and from the end: what goes there renumbers nobody else.
  for (auto size = sizes.rbegin(); size != sizes.rend(); ++size)
    for (std::int64_t first = counts.nodes - *size; first >= 0; first -= *size)
      add_smaller(scenario, role,
                  allowed(without_nodes(scenario, role, first, *size), role, counts.declared),
                  found);
  if (counts.declared > counts.actual)
    add_smaller(scenario, role, allowed(scenario, role, counts.declared - 1), found);
  return found;
}

}  // namespace

Json without_nodes(Json scenario, Role role, std::int64_t first, std::int64_t count) {
  // Texts below these may look like nodes ("server 0"), and are none.
  static const std::set<std::string> no_nodes = {"name", "summary", "expect", "model", "data"};
  const Gone gone{role, group_of(scenario, role), first, count};
  Json& group = scenario[gone.group];
  const Counts counts = counts_of(group);
  const std::int64_t correct = counts.nodes - counts.actual;
  group["count"] = counts.nodes - count;
  // Byzantine nodes are the last of their group.
  group["byzantine"]["actual"] = counts.actual - (count - gone.before(correct));
  if (group.contains("start")) {
    Json left = Json::array();
    for (std::size_t i = 0; i < group["start"].size(); ++i)
      if (!gone.contains(static_cast<std::int64_t>(i))) left.push_back(group["start"][i]);
    group["start"] = left;
  }
  for (auto& [key, value] : scenario.items())
    if (!no_nodes.contains(key)) renumber(value, gone);
  return scenario;
}

std::vector<Smaller> fewer_workers(const Json& scenario) {
  if (scenario.contains("nodes")) return {};
  return fewer_nodes(scenario, Role::worker);
}
std::vector<Smaller> fewer_servers(const Json& scenario) {
  return fewer_nodes(scenario, Role::server);
}

}  // namespace byzsim
