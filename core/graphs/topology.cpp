#include "core/graphs/topology.h"

#include <fmt/format.h>

namespace byzsim {

namespace topologies_list {
std::vector<TopologyKind> all() {
  return {
#define STRATEGY(name) BYZSIM_MADE_BY(TopologyKind, name),
#include "core/graphs/topologies.def"
#undef STRATEGY
  };
}
}  // namespace topologies_list

const Table<TopologyKind>& topologies() {
  static const Table<TopologyKind> table(topologies_list::all());
  return table;
}

namespace {

std::optional<Issue> number_of_nodes_problem(std::size_t nodes) {
  if (nodes >= 1 && nodes <= kMostVertices) return std::nullopt;
  return Issue{"", fmt::format("a graph has 1 to {} nodes, not {}", kMostVertices, nodes),
               nodes == 0 ? "use one node or more" : "use fewer nodes"};
}

std::optional<Issue> number_of_edges_problem(const TopologyKind& kind, const Parameters& parameters,
                                             std::int64_t nodes) {
  const double edges = kind.edges(parameters, nodes);
  if (edges <= kMostEdges) return std::nullopt;
  return Issue{
      "",
      fmt::format("{} of {} nodes has about {:.3g} edges, more than the {:.0f} that byzsim "
                  "keeps in memory",
                  kind.declaration.name, nodes, edges, kMostEdges),
      "use fewer nodes or a sparser graph"};
}

}  // namespace

std::optional<Issue> topology_problem(const Choice& topology, std::size_t nodes,
                                      const std::string& where) {
  const TopologyKind& kind = topologies().at(topology.name);
  const auto count = static_cast<std::int64_t>(nodes);
  std::optional<Issue> issue = number_of_nodes_problem(nodes);
  if (!issue && kind.problem != nullptr) issue = kind.problem(topology.parameters, count);
  if (!issue) issue = number_of_edges_problem(kind, topology.parameters, count);
  if (issue) issue->where = where + issue->where;
  return issue;
}

Graph make_graph(const Choice& topology, std::size_t nodes, std::uint64_t seed,
                 const std::string& where, std::uint64_t number) {
  if (const auto issue = topology_problem(topology, nodes, where)) throw InputError(*issue);
  const TopologyKind& kind = topologies().at(topology.name);
  Graph graph = kind.make({topology.parameters, nodes, seed, where, number});
  BYZ_CHECK(graph.vertices() == nodes, "a topology makes a vertex for each node");
  BYZ_CHECK(kind.any_edges || is_connected(graph), "a topology connects its nodes");
  return graph;
}

std::vector<std::string> topology_files(const Choice& topology) {
  const auto files = topologies().at(topology.name).files;
  return files == nullptr ? std::vector<std::string>{} : files(topology.parameters);
}

}  // namespace byzsim
