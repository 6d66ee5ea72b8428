#include "tools/gather/graph_question.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "core/input/decimal.h"
#include "core/input/issue.h"
#include "sim/gather/rule_lines.h"
#include "sim/scenario/node_graph.h"

namespace byzsim {
namespace {

constexpr const char* kStart = "/nodes/start";

// As many nodes as the values and --byzantine make; a start of the scenario's own, for other
// nodes, is left out.
Scenario scenario_with(const GraphWords& asked, const CommonOptions& common, std::size_t honest) {
  ScenarioSource source = source_of(asked.scenario, common);
  if (asked.values) {
    const std::int64_t byzantine = asked.byzantine.value_or(1);
    const std::int64_t count = static_cast<std::int64_t>(honest) + byzantine;
    source.sets.push_back(fmt::format("/nodes/count={}", count));
    source.sets.push_back(fmt::format("/nodes/byzantine={}", byzantine));
    source.sets.push_back(fmt::format("{}=[]", kStart));
  }
  return load_scenario(source);
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
  if (radius) rule.parameters.set("radius", *radius * unit);
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
