#include "tools/gather/graph_question.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "core/input/decimal.h"
#include "core/input/issue.h"
#include "core/input/json.h"
#include "sim/gather/rule_lines.h"
#include "sim/scenario/node_graph.h"
#include "tools/line/output.h"

namespace byzsim {
namespace {

constexpr const char* kStart = "/nodes/start";

// Puts a value below /nodes, with a note where the scenario has another.
void put_in_nodes(Json& scenario, const std::string& key, const Json& value) {
  const Json nodes = scenario.value("nodes", Json());
  const std::string pointer = "/nodes/" + key;
  if (nodes.is_object() && nodes.contains(key) && nodes[key] != value)
    tell("note: {} is {} instead of {}, by --values and --byzantine\n", pointer, value.dump(),
         brief(nodes[key]));
  apply({pointer, value}, scenario, pointer);
}

// As many nodes as the values and --byzantine make; a start of the scenario's own, for other
// nodes, is left out.
Scenario scenario_with(const GraphWords& asked, const CommonOptions& common, std::size_t honest) {
  const ScenarioSource source = source_of(asked.scenario, common);
  if (!asked.values) return load_scenario(source);
  Json json = load_scenario_json(source);
  const std::int64_t byzantine = asked.byzantine.value_or(1);
  put_in_nodes(json, "count", static_cast<std::int64_t>(honest) + byzantine);
  put_in_nodes(json, "byzantine", byzantine);
  put_in_nodes(json, "start", Json::array());
  InputFiles files;
  return read_with_inputs(json, files);
}

Decimals start_of(const Scenario& scenario) {
  const auto honest = static_cast<std::size_t>(scenario.servers.correct());
  if (scenario.start.size() < honest)
    throw InputError({kStart, "the honest nodes have no values of their own",
                      "give --values 1,2,3,4, or a number for each honest node"});
  const std::vector<double> values(scenario.start.begin(),
                                   scenario.start.begin() + static_cast<std::ptrdiff_t>(honest));
  return parse_decimals(fmt::format("{}", fmt::join(values, ",")), kStart);
}

void check_protocol(const Scenario& scenario) {
  if (scenario.protocol.name == "gossip" && scenario.on_graph) return;
  throw InputError({"/protocol",
                    fmt::format("with a scenario, contraction computes one combine of gossip, not "
                                "of {}",
                                scenario.protocol.name),
                    "choose gossip, or leave the scenario out for a gather of servers"});
}

// The radius in the units of the positions.
Choice rule_in_units(Choice rule, int places) {
  const auto radius = clipping_radius(rule);
  double unit = 1;
  for (int place = 0; place < places; ++place) unit *= 10;
  // Finite, so that it is refused where it is too large, and not taken for one without bound.
  if (radius)
    rule.parameters.set("radius", std::min(*radius * unit, std::numeric_limits<double>::max()));
  return rule;
}

}  // namespace

GraphQuestion graph_question(const GraphWords& asked, const CommonOptions& common) {
  Decimals values = asked.values ? parse_decimals(*asked.values, "--values") : Decimals{};
  Scenario scenario = scenario_with(asked, common, values.units.size());
  check_protocol(scenario);
  if (!asked.values) values = start_of(scenario);
  Issues issues;
  const auto graphs = make_node_graphs(scenario, issues);
  throw_if_any(issues);
  const NodeGraph& graph = graphs->first();
  GraphGather gather{std::move(values.units),
                     graph.placed(),
                     graph.weights(),
                     {},
                     aggregation_of(scenario.servers)};
  for (std::uint32_t node = 0; node < gather.placed.honest; ++node)
    gather.tolerated.push_back(graph.tolerated(node));
  gather.aggregation.rule = rule_in_units(gather.aggregation.rule, values.places);
  throw_if_any(problems_of(gather));
  return {std::move(scenario), std::move(gather), values.places};
}

}  // namespace byzsim
