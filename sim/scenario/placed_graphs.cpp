#include "sim/scenario/placed_graphs.h"

#include <fmt/format.h>

#include <utility>

#include "core/graphs/topology.h"
#include "sim/scenario/scenario.h"

namespace byzsim {
namespace {

HonestAndByzantine nodes_of(const Group& nodes, std::int64_t byzantine) {
  return {static_cast<std::size_t>(nodes.count - byzantine), static_cast<std::size_t>(byzantine)};
}

// One choice of a topology and the steps in which it holds, before `end`.
struct GraphPeriod {
  std::int64_t begin, end;
  const Choice& topology;
  std::optional<std::int64_t> every;
  std::string where;

  std::int64_t between() const { return every.value_or(end - begin); }
  std::int64_t graphs() const { return (end - begin + between() - 1) / between(); }
};

// Those that the run reaches.
std::vector<GraphPeriod> graph_periods_of(const Scenario& scenario) {
  const GraphPlan& plan = *scenario.on_graph;
  std::vector<GraphPeriod> periods;
  const auto add = [&](std::int64_t begin, const Choice& topology,
                       std::optional<std::int64_t> every, std::string where) {
    if (begin >= scenario.steps) return;
    if (!periods.empty()) periods.back().end = begin;
    periods.push_back({begin, scenario.steps, topology, every, std::move(where)});
  };
  add(0, plan.topology, plan.every, "/topology");
  for (std::size_t i = 0; i < plan.changes.size(); ++i)
    add(plan.changes[i].step, plan.changes[i].topology, plan.changes[i].every,
        fmt::format("/topology_changes/{}/topology", i));
  return periods;
}

void check_order(const GraphPlan& plan, Issues& issues) {
  for (std::size_t i = 1; i < plan.changes.size(); ++i)
    if (plan.changes[i].step <= plan.changes[i - 1].step)
      issues.push_back({fmt::format("/topology_changes/{}/step", i),
                        fmt::format("is {}, and the change before it is at {}",
                                    plan.changes[i].step, plan.changes[i - 1].step),
                        "give the changes in the order of their steps, one for a step"});
}

// Edges that a protocol draws in every step are no graph for another one.
void check_drawn(const Scenario& scenario, Issues& issues) {
  const GraphPlan& plan = *scenario.on_graph;
  const bool first = topologies().at(plan.topology.name).names_peers;
  if (first && scenario.protocol.name != "pull_gossip")
    issues.push_back({"/topology",
                      fmt::format("with {} a node draws in every step the nodes that it asks, and "
                                  "nodes of {} draw none",
                                  plan.topology.name, scenario.protocol.name),
                      "use the protocol pull_gossip, or a graph such as complete"});
  for (std::size_t i = 0; i < plan.changes.size(); ++i)
    if (first || topologies().at(plan.changes[i].topology.name).names_peers)
      issues.push_back({fmt::format("/topology_changes/{}/topology", i),
                        "the number of nodes that a node draws is that of the whole run",
                        "use random_out alone, or another graph with the parameter peers of "
                        "pull_gossip"});
}

void check_period(const GraphPeriod& period, std::size_t vertices, Issues& issues) {
  const TopologyKind& kind = topologies().at(period.topology.name);
  if (period.every && !kind.draws)
    issues.push_back({period.where + "/every",
                      fmt::format("{} draws no edges, so that all its graphs are the same",
                                  period.topology.name),
                      "choose a kind that draws them, such as erdos_renyi or random_regular, or "
                      "list other graphs in /topology_changes"});
  if (auto problem = topology_problem(period.topology, vertices, period.where))
    issues.push_back(std::move(*problem));
}

// All of them are made at once, so that the conditions are checked before the run.
void check_size_of_all(const std::vector<GraphPeriod>& periods, std::size_t vertices,
                       Issues& issues) {
  double graphs = 0, size = 0;
  for (const GraphPeriod& period : periods) {
    const auto& edges = topologies().at(period.topology.name).edges;
    const auto count = static_cast<std::int64_t>(vertices);
    const auto number = static_cast<double>(period.graphs());
    graphs += number;
    size += number * (edges(period.topology.parameters, count) + static_cast<double>(vertices));
  }
  if (graphs > 1 && size > kMostEdges)
    issues.push_back({"/topology/every",
                      fmt::format("the {:.0f} graphs of the run have about {:.3g} nodes and edges "
                                  "together, more than the {:.0f} that byzsim keeps in memory",
                                  graphs, size, kMostEdges),
                      "draw the edges less often, or use fewer steps or a sparser graph"});
}

Graph graph_from(const GraphPeriod& period, std::int64_t step, std::size_t vertices,
                 std::uint64_t seed, bool several) {
  try {
    // Named by its step: no other change of the plan makes it another graph.
    return make_graph(period.topology, vertices, seed, period.where,
                      static_cast<std::uint64_t>(step));
  } catch (const InputError& error) {
    Issues issues = error.issues();
    for (Issue& issue : issues) issue.problem += in_graph_from(step, several);
    throw InputError(issues);
  }
}

}  // namespace

std::string in_graph_from(std::int64_t step, bool several) {
  return several ? fmt::format(", in the graph from step {} on", step) : "";
}

std::vector<PlacedFrom> placed_graphs(const Scenario& scenario, std::int64_t byzantine,
                                      Issues& issues) {
  const GraphPlan& plan = *scenario.on_graph;
  const std::size_t before = issues.size();
  const HonestAndByzantine nodes = nodes_of(scenario.servers, byzantine);
  if (auto problem = placement_problem(plan.placement, nodes, "/nodes/placement"))
    issues.push_back(std::move(*problem));
  check_order(plan, issues);
  check_drawn(scenario, issues);
  if (issues.size() > before) return {};
  const std::size_t vertices = vertices_of_topology(plan.placement, nodes);
  const std::vector<GraphPeriod> periods = graph_periods_of(scenario);
  for (const GraphPeriod& period : periods) check_period(period, vertices, issues);
  if (issues.size() == before) check_size_of_all(periods, vertices, issues);
  if (issues.size() > before) return {};
  const bool several = periods.size() > 1 || periods.front().graphs() > 1;
  std::vector<PlacedFrom> all;
  for (const GraphPeriod& period : periods)
    for (std::int64_t step = period.begin; step < period.end; step += period.between()) {
      const Graph graph = graph_from(period, step, vertices, scenario.seed, several);
      all.push_back(
          {step, all.empty()
                     ? place_byzantine(graph, plan.placement, nodes, scenario.seed)
                     : place_again(graph, plan.placement, all.front().placed, scenario.seed)});
    }
  return all;
}

}  // namespace byzsim
