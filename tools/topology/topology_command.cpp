// `byzsim topology`: the graph of a decentralised scenario in figures, and drawn.
#include <fmt/format.h>

#include <algorithm>

#include "core/graphs/fiedler_cut.h"
#include "core/graphs/honest_part.h"
#include "core/graphs/spectrum.h"
#include "sim/results/whole_files.h"
#include "sim/scenario/node_graph.h"
#include "tools/input/scenario_options.h"
#include "tools/line/command.h"
#include "tools/line/output.h"
#include "tools/topology/graph_layout.h"
#include "tools/topology/graph_svg.h"

namespace byzsim {
namespace {

struct TopologyOptions {
  ScenarioOptions scenario;
  std::string svg;
  std::int64_t step = 0;
  bool json = false;
};

void offer_topology(CommandOptions& options, TopologyOptions& own) {
  offer_scenario(options, own.scenario);
  options.text("--svg FILE", own.svg, "Draw the graph into this file");
  options.integer("--step N", {0, 1'000'000'000}, own.step,
                  "Show the graph that nodes use in this step [default: 0]");
  options.flag("--json", own.json, "Print a JSON object with every node");
}

/// What is printed of a graph.
struct GraphFigures {
  std::size_t nodes, honest, edges;
  std::size_t least, most;  // neighbours of an honest node
  double mean;
  Neighbourhood worst;  // with the most Byzantine neighbours
  std::optional<std::string> disconnected;
  std::optional<GraphSpectrum> spectrum;  // empty: too many nodes
};

GraphFigures figures_of(const NodeGraph& graph) {
  const PlacedGraph& placed = graph.placed();
  GraphFigures figures{placed.graph.vertices(),
                       placed.honest,
                       edge_count(placed.graph),
                       degree_of(placed.graph, 0),
                       degree_of(placed.graph, 0),
                       0,
                       most_byzantine_neighbourhood(placed.graph, placed.honest),
                       disconnected_honest_part(placed.graph, placed.honest),
                       {}};
  for (std::size_t i = 0; i < placed.honest; ++i) {
    const std::size_t degree = degree_of(placed.graph, i);
    figures.least = std::min(figures.least, degree);
    figures.most = std::max(figures.most, degree);
    figures.mean += static_cast<double>(degree) / static_cast<double>(placed.honest);
  }
  if (!spectrum_problem(placed.honest))
    figures.spectrum = spectrum_of(placed.graph, placed.honest, graph.weights());
  return figures;
}

/// What is printed of all graphs of a run.
struct FiguresOfAll {
  std::size_t graphs;
  std::size_t fewest_edges, most_edges;
  std::size_t least, most;  // neighbours of an honest node
  Neighbourhood worst;
  std::int64_t worst_from;  // the first step of its graph
};

FiguresOfAll figures_of_all(const NodeGraphs& graphs) {
  FiguresOfAll all{graphs.all().size(), SIZE_MAX, 0, SIZE_MAX, 0, {}, 0};
  for (const auto& [step, graph] : graphs.all()) {
    const PlacedGraph& placed = graph->placed();
    const std::size_t edges = edge_count(placed.graph);
    all.fewest_edges = std::min(all.fewest_edges, edges);
    all.most_edges = std::max(all.most_edges, edges);
    for (std::size_t i = 0; i < placed.honest; ++i) {
      all.least = std::min(all.least, degree_of(placed.graph, i));
      all.most = std::max(all.most, degree_of(placed.graph, i));
    }
    const Neighbourhood worst = most_byzantine_neighbourhood(placed.graph, placed.honest);
    if (step > 0 && worst.byzantine <= all.worst.byzantine) continue;
    all.worst = worst;
    all.worst_from = step;
  }
  return all;
}

std::string all_graphs_text(const NodeGraphs& graphs, std::int64_t from) {
  const FiguresOfAll all = figures_of_all(graphs);
  if (all.graphs == 1) return "";
  std::string text =
      fmt::format("  this graph                    from step {} on, one of {}\n", from, all.graphs);
  text += fmt::format("  in all graphs                 {} to {} neighbours, {} to {} edges\n",
                      all.least, all.most, all.fewest_edges, all.most_edges);
  return text +
         fmt::format("  Byzantine ones in all         at most {} (node {}, from step {} on)\n",
                     all.worst.byzantine, all.worst.node, all.worst_from);
}

// "0-11, 14": the honest nodes on one side of the cut.
std::string side_text(const std::vector<std::uint8_t>& cut, std::size_t honest, int side) {
  std::string text;
  for (std::size_t i = 0; i < honest; ++i) {
    if (cut[i] != side) continue;
    const std::size_t first = i;
    while (i + 1 < honest && cut[i + 1] == side) ++i;
    text += fmt::format("{}{}", text.empty() ? "" : ", ", first);
    if (i > first) text += fmt::format("-{}", i);
  }
  return text.empty() ? "none" : text;
}

// The choice that makes the graph from a step on.
const Choice& topology_at(const Scenario& scenario, std::int64_t step) {
  const GraphPlan& plan = *scenario.on_graph;
  const Choice* topology = &plan.topology;
  for (const TopologyChange& each : plan.changes)
    if (each.step <= step) topology = &each.topology;
  return *topology;
}

std::string topology_text(const Scenario& scenario, const NodeGraph& graph,
                          const GraphFigures& figures, std::int64_t from) {
  const std::size_t byzantine = figures.nodes - figures.honest;
  std::string text =
      fmt::format("{}: {} nodes, {} of them Byzantine, {} edges\n",
                  topology_at(scenario, from).name, figures.nodes, byzantine, figures.edges);
  text += fmt::format("  neighbours of an honest node  {} to {}, mean {:.3g}\n", figures.least,
                      figures.most, figures.mean);
  text += fmt::format(
      "  Byzantine ones among them     at most {} (node {}, of {}); rules assume {}\n",
      figures.worst.byzantine, figures.worst.node, figures.worst.neighbours, graph.tolerated(0));
  text += fmt::format("  honest part                   {}\n",
                      figures.disconnected.value_or("connected"));
  if (figures.spectrum) {
    text += fmt::format("  spectral gap                  {:.4g} ({} weights)\n",
                        figures.spectrum->gap, to_string(graph.weights()));
    text += fmt::format("  algebraic connectivity        {:.4g} (mu_2)\n", figures.spectrum->mu_2);
  } else {
    text += fmt::format("  spectrum                      {}\n", *spectrum_problem(figures.honest));
  }
  if (figures.honest > 1) {
    const auto cut = fiedler_cut(graph.graph(), figures.honest);
    text += fmt::format("  Fiedler cut                   {} | {}\n",
                        side_text(cut, figures.honest, 0), side_text(cut, figures.honest, 1));
  }
  return text;
}

Json topology_json(const Scenario& scenario, const NodeGraph& graph, const GraphFigures& figures,
                   std::int64_t from) {
  Json nodes = Json::array();
  const std::vector<std::uint8_t> cut = figures.honest > 1
                                            ? fiedler_cut(graph.graph(), figures.honest)
                                            : std::vector<std::uint8_t>(figures.nodes);
  for (std::uint32_t i = 0; i < figures.nodes; ++i) {
    Json node = {{"node", i},
                 {"vertex", graph.placed().names[i]},
                 {"honest", i < figures.honest},
                 {"neighbours", graph.neighbours(i)},
                 {"byzantine_neighbours", byzantine_neighbours(graph.graph(), figures.honest, i)},
                 {"tolerated", graph.tolerated(i)},
                 {"side", cut[i]}};
    if (figures.spectrum && i < figures.spectrum->fiedler.size())
      node["fiedler"] = figures.spectrum->fiedler[i];
    nodes.push_back(std::move(node));
  }
  Json json = {{"topology", topology_at(scenario, from).name},
               {"from_step", from},
               {"count", figures.nodes},
               {"honest", figures.honest},
               {"edges", figures.edges},
               {"connected", !figures.disconnected},
               {"nodes", std::move(nodes)}};
  if (figures.spectrum) {
    json["spectral_gap"] = figures.spectrum->gap;
    json["algebraic_connectivity"] = figures.spectrum->mu_2;
  }
  return json;
}

void draw_graph(const std::string& file, const std::string& picture) {
  try {
    write_whole(file, picture);
  } catch (const InputError& error) {
    Issues issues = error.issues();
    for (Issue& issue : issues)
      issue.remedy = "free space there, or choose another file with --svg FILE";
    throw InputError(issues);
  }
}

// The first step of each.
Json steps_json(const NodeGraphs& graphs) {
  Json steps = Json::array();
  for (const GraphFrom& each : graphs.all()) steps.push_back(each.step);
  return steps;
}

int topology(const TopologyOptions& own, const CommonOptions& common) {
  const Scenario scenario = load_scenario(source_of(own.scenario, common));
  if (!scenario.on_graph)
    throw InputError(
        {"/protocol",
         fmt::format("{} has servers and workers, and no graph of nodes", scenario.protocol.name),
         "choose a protocol on a graph such as gossip"});
  Issues issues;
  const auto graphs = make_node_graphs(scenario, issues);
  throw_if_any(issues);
  if (own.step >= scenario.steps)
    throw InputError({fmt::format("--step {}", own.step),
                      fmt::format("the run has {} steps, counted from 0", scenario.steps),
                      fmt::format("use at most {}", scenario.steps - 1)});
  const auto& [from, graph] = graphs->from(own.step);
  const GraphFigures figures = figures_of(*graph);
  if (!own.svg.empty() && figures.nodes > kMostDrawn)
    throw InputError({"--svg " + own.svg,
                      fmt::format("a picture has at most {} nodes, and the graph has {}",
                                  kMostDrawn, figures.nodes),
                      "leave it out, or draw a smaller graph"});
  if (!own.svg.empty()) draw_graph(own.svg, graph_svg(graph->graph(), figures.honest));
  if (!own.json) {
    print_text("{}{}", topology_text(scenario, *graph, figures, from),
               all_graphs_text(*graphs, from));
    return kDone;
  }
  Json json = topology_json(scenario, *graph, figures, from);
  json["graphs"] = steps_json(*graphs);
  print_text("{}\n", json.dump(2));
  return kDone;
}

}  // namespace

Command topology_command() {
  return command("topology", "Print and draw the graph of a decentralised scenario",
                 "  byzsim topology gossip --set /topology=ring --svg ring.svg\n"
                 "  byzsim topology gossip --set /topology/every=10 --step 30",
                 offer_topology, topology);
}

}  // namespace byzsim
