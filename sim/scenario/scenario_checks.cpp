// Checks across fields. Those that need counts wait until the counts are known to be sound, so
// that one mistake is not reported as five.

#include "sim/scenario/scenario_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/check.h"
#include "core/input/parameter_reader.h"
#include "core/local_works/local_work.h"
#include "core/server_optimizers/server_optimizer.h"
#include "sim/network/delays/delay.h"
#include "sim/network/faults/fault.h"
#include "sim/scenario/compression_checks.h"
#include "sim/scenario/participants.h"
#include "sim/scenario/script_checks.h"
#include "sim/world/node_set.h"

namespace byzsim {
namespace {

constexpr std::size_t kLongestName = 100;

bool may_be_in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

// Of letters that every file system takes, and not hidden.
bool names_a_directory(const std::string& name) {
  return !name.empty() && name.size() <= kLongestName && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), may_be_in_name);
}

void check_fractions(const Scenario& scenario, const ScenarioTables& tables, Issues& issues) {
  for (std::size_t i = 0; i < scenario.expect.size(); ++i)
    check_fraction(tables.metrics, scenario.expect[i].metric, scenario.expect[i].value,
                   fmt::format("/expect/{}/value", i), issues);
}

void check_group(const std::string& where, const std::string& role, const Group& group,
                 Issues& issues) {
  if (group.byzantine.actual >= group.count)
    issues.push_back({where + "/byzantine/actual",
                      fmt::format("{} of {} {} are Byzantine: at least one must be honest",
                                  group.byzantine.actual, group.count, role),
                      fmt::format("use at most {}", group.count - 1)});
  if (group.byzantine.declared >= group.count)
    issues.push_back({where + "/byzantine/declared",
                      fmt::format("f = {} of {} {} leaves no honest one", group.byzantine.declared,
                                  group.count, role),
                      fmt::format("use at most {}", group.count - 1)});
}

// In an earlier form both groups describe the same nodes.
void check_one_group(const Scenario& scenario, Issues& issues) {
  const auto check = [&](const char* key, std::int64_t workers, std::int64_t servers) {
    if (workers != servers)
      issues.push_back({std::string("/workers") + key,
                        fmt::format("the nodes of {} are servers and workers at once, so that "
                                    "/workers and /servers must have equal counts, not {} and {}",
                                    scenario.protocol.name, workers, servers),
                        fmt::format("use {} in both, or write /nodes", servers)});
  };
  const Group &workers = scenario.workers, &servers = scenario.servers;
  check("/count", workers.count, servers.count);
  check("/byzantine/declared", workers.byzantine.declared, servers.byzantine.declared);
  check("/byzantine/actual", workers.byzantine.actual, servers.byzantine.actual);
}

void check_delay(const std::string& where, const Choice& choice, Issues& issues) {
  const DelayEntry& entry = delays().at(choice.name);
  if (entry.problem == nullptr) return;
  if (const auto problem = entry.problem(choice.parameters))
    issues.push_back({where + "/parameters", *problem, ""});
}

void check_numbers(const Scenario& scenario, Issues& issues) {
  if (scenario.numbers == Numbers::none && !scenario.dimension)
    issues.push_back({"/dimension", "a run without numbers has no model to take it from",
                      "give the number of parameters"});
  if (scenario.numbers == Numbers::real && scenario.dimension)
    issues.push_back({"/dimension", "the model has its own dimension",
                      "leave it out, or set \"numbers\": \"none\""});
}

void check_models(const Scenario& scenario, Issues& issues) {
  for (std::size_t i = 1; i < scenario.keep.size(); ++i)
    issues.push_back({fmt::format("/keep/{}", i),
                      fmt::format("\"{}\" is kept already", scenario.keep[i].name),
                      "leave one of them out"});
  if (scenario.numbers == Numbers::real) return;
  const char* remedy = "leave it out, or set \"numbers\": \"real\"";
  if (scenario.keeps_models())
    issues.push_back({"/keep", "a run without numbers has no models to keep", remedy});
  if (!scenario.model_start.empty())
    issues.push_back({"/model/start", "a run without numbers has no model to begin with", remedy});
  for (const auto& [where, given] :
       {std::pair{"/data/normalise", scenario.normalise.name != "none"},
        {"/data/augmentation", !scenario.augmentation.empty()},
        {"/data/validation", scenario.validation > 0}})
    if (given) issues.push_back({where, "a run without numbers has no data to prepare", remedy});
}

void check_optimizer(const Scenario& scenario, Issues& issues) {
  if (scenario.nesterov && scenario.momentum == 0)
    issues.push_back({"/optimizer/nesterov", "has no effect without momentum",
                      "set /optimizer/momentum above 0, or leave nesterov out"});
}

void check_knowledge(const Scenario& scenario, Issues& issues) {
  if (scenario.knowledge == Knowledge::neighbourhood && !scenario.on_graph)
    issues.push_back(
        {"/adversary/knowledge",
         fmt::format("{} has no graph on which a receiver has neighbours", scenario.protocol.name),
         "choose another knowledge, or a protocol on a graph such as gossip"});
}

void check_nodes(const std::string& where, const std::string& nodes, Issues& issues) {
  if (!parse_node_set(nodes))
    issues.push_back({where, fmt::format("\"{}\" names no nodes", nodes),
                      fmt::format("write {}", kNodeSetForms)});
}

// Whether all nodes of a set exist; what is no set is reported elsewhere.
void check_existence(const std::string& where, const std::string& nodes, const Scenario& scenario,
                     Issues& issues) {
  const auto set = parse_node_set(nodes);
  if (!set || !set->role) return;
  if (scenario.on_graph && *set->role == Role::worker) {
    issues.push_back({where, fmt::format("\"{}\" names workers, and a graph has none", nodes),
                      "write \"nodes\", \"node 3\" or \"nodes 0-4\""});
    return;
  }
  // A role without indices means all of its nodes, however many there are.
  if (set->last == kMostNodes) return;
  const std::int64_t count =
      *set->role == Role::server ? scenario.servers.count : scenario.workers.count;
  if (set->last >= count)
    issues.push_back({where,
                      fmt::format("\"{}\" names nodes beyond the last of {}, which is {}", nodes,
                                  count, count - 1),
                      "nodes are counted from 0"});
}

void check_all_existence(const Scenario& scenario, Issues& issues) {
  for (std::size_t i = 0; i < scenario.links.size(); ++i) {
    const std::string where = fmt::format("/network/links/{}", i);
    check_existence(where + "/from", scenario.links[i].from, scenario, issues);
    check_existence(where + "/to", scenario.links[i].to, scenario, issues);
  }
  for (std::size_t i = 0; i < scenario.faults.size(); ++i)
    for (const auto& [name, value] : scenario.faults[i].parameters.values())
      if (name == "nodes")
        check_existence(fmt::format("/network/faults/{}/parameters/nodes", i),
                        std::get<std::string>(value), scenario, issues);
}

void check_network(const Scenario& scenario, Issues& issues) {
  check_delay("/network/delay", scenario.delay, issues);
  for (std::size_t i = 0; i < scenario.links.size(); ++i) {
    const std::string where = fmt::format("/network/links/{}", i);
    check_nodes(where + "/from", scenario.links[i].from, issues);
    check_nodes(where + "/to", scenario.links[i].to, issues);
    check_delay(where + "/delay", scenario.links[i].delay, issues);
  }
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    const FaultEntry& entry = faults().at(scenario.faults[i].name);
    if (entry.problem == nullptr) continue;
    if (const auto problem = entry.problem(scenario.faults[i].parameters))
      issues.push_back({fmt::format("/network/faults/{}/parameters", i), *problem, ""});
  }
}

void check_start(const Scenario& scenario, Issues& issues) {
  const auto numbers = static_cast<std::int64_t>(scenario.start.size());
  if (numbers == 0) return;
  const Group& servers = scenario.servers;
  const std::string role = scenario.one_role ? "node" : "server", where = "/" + role + "s/start";
  if (numbers != servers.count && numbers != servers.correct())
    issues.push_back({where,
                      fmt::format("there are {} numbers for {} {}s, of which {} are honest",
                                  numbers, servers.count, role, servers.correct()),
                      fmt::format("give one for each {}, or one for each honest one", role)});
  if (scenario.numbers == Numbers::none)
    issues.push_back({where, "a run without numbers has no model to move",
                      "leave it out, or set \"numbers\": \"real\""});
}

void check_participation(const Scenario& scenario, const ProtocolConditions& protocol,
                         Issues& issues) {
  if (protocol.draws_workers || !draws_participants(scenario)) return;
  issues.push_back(
      {"/workers/participation",
       fmt::format("every worker takes part in each step of {}", protocol.declaration.name),
       "leave it out, or use the protocol fedavg"});
}

void check_local_steps(const Scenario& scenario, Issues& issues) {
  const LocalWorkEntry& work = local_works().at(scenario.local_steps.name);
  if (work.problem == nullptr) return;
  if (const auto problem = work.problem(scenario.local_steps.parameters))
    issues.push_back(
        {place_of_group(scenario, Role::worker) + "/local_steps/parameters", *problem, ""});
}

void check_server_optimizer(const Scenario& scenario, const ProtocolConditions& protocol,
                            Issues& issues) {
  const Choice plain = default_choice(server_optimizers().declarations(), "sgd");
  if (protocol.optimizes_at_server || scenario.server_optimizer == plain) return;
  issues.push_back({"/optimizer/server", fmt::format("{} only descends", protocol.declaration.name),
                    "leave it out, or use the protocol sgd, byzsgd, fedavg or fedbuff"});
}

bool counts_were_read(const Issues& issues) {
  return std::none_of(issues.begin(), issues.end(), [](const Issue& issue) {
    static constexpr std::array kPlaces = {"/servers",  "/workers",  "/nodes",
                                           "/topology", "/protocol", "/unsafe"};
    return std::any_of(kPlaces.begin(), kPlaces.end(),
                       [&](const char* place) { return issue.where.rfind(place, 0) == 0; });
  });
}

}  // namespace

void check_name(const std::string& name, Issues& issues) {
  if (!names_a_directory(name))
    issues.push_back({"/name",
                      "must be a directory name: 1 to 100 letters, digits, '-', '_' or '.', not "
                      "beginning with '.'",
                      "rename it"});
}

std::string name_with(const std::string& name, const std::string& suffix) {
  BYZ_CHECK(suffix.size() + 1 < kLongestName, "a suffix leaves room for a name");
  const std::string end = "-" + suffix;
  // A scenario made from one that was made in the same way keeps its name.
  if (name.ends_with(end)) return name;
  return name.substr(0, kLongestName - end.size()) + end;
}

std::string valid_name(const std::string& text) {
  if (names_a_directory(text)) return text;
  std::string name;
  for (const char c : text)
    if (may_be_in_name(c) && !(name.empty() && c == '.'))
      name += c;
    else if (!name.empty() && name.back() != '-')
      name += '-';
  name.resize(std::min(name.size(), kLongestName));
  // What stood at the end was replaced, too, or the cut fell behind a replacement.
  while (name.ends_with('-')) name.pop_back();
  BYZ_CHECK(name.empty() || names_a_directory(name), "a valid name can name a directory");
  return name.empty() ? "unnamed" : name;
}

void check_named_nodes(const std::string& where, const std::string& nodes, const Scenario& scenario,
                       Issues& issues) {
  check_nodes(where, nodes, issues);
  check_existence(where, nodes, scenario, issues);
}

void resolve_and_check(Scenario& scenario, const ScenarioTables& tables, Issues& issues) {
  // Asked before the checks below add issues of their own.
  const bool counts = counts_were_read(issues);
  check_name(scenario.name, issues);
  check_fractions(scenario, tables, issues);
  check_numbers(scenario, issues);
  check_models(scenario, issues);
  check_optimizer(scenario, issues);
  check_knowledge(scenario, issues);
  check_network(scenario, issues);
  check_delay("/compute/gradient", scenario.gradient_time, issues);
  check_delay("/compute/aggregation", scenario.aggregation_time, issues);
  if (!counts) return;
  if (scenario.one_role) {
    check_group("/nodes", "nodes", scenario.servers, issues);
    check_one_group(scenario, issues);
  } else {
    check_group("/servers", "servers", scenario.servers, issues);
    check_group("/workers", "workers", scenario.workers, issues);
  }
  if (!counts_were_read(issues)) return;
  check_all_existence(scenario, issues);
  check_start(scenario, issues);
  check_script(scenario, issues);
  // After its check, whose pointers are the places in the user's lists.
  put_in_order(scenario.script);
  const auto protocol = std::find_if(
      tables.protocols.begin(), tables.protocols.end(),
      [&](const auto& each) { return each.declaration.name == scenario.protocol.name; });
  BYZ_CHECK(protocol != tables.protocols.end(), "a scenario that was read names a protocol");
  BYZ_CHECK(protocol->resolve != nullptr && protocol->check != nullptr,
            "a protocol resolves quorums and checks conditions");
  const std::size_t before = issues.size();
  check_participation(scenario, *protocol, issues);
  check_server_optimizer(scenario, *protocol, issues);
  check_local_steps(scenario, issues);
  check_compression(scenario, *protocol, issues);
  if (issues.size() > before) return;
  protocol->resolve(scenario);
  BYZ_CHECK(scenario.servers.quorum && scenario.workers.quorum, "a protocol resolves both quorums");
  protocol->check(scenario, issues);
}

}  // namespace byzsim
