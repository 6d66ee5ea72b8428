// The edges that the user gives, as a list or in a file. The nodes are as many as they name.
#include <fmt/format.h>

#include <algorithm>

#include "core/graphs/edge_file.h"
#include "core/graphs/topology.h"

namespace byzsim {
namespace {

using Integers = std::vector<std::int64_t>;

bool has_edge_file(const Parameters& parameters) { return !parameters.text("file").empty(); }

std::optional<Issue> problem_of_edge_source(const Parameters& parameters) {
  const bool has_list = !parameters.integers("list").empty();
  if (has_list != has_edge_file(parameters)) return std::nullopt;
  return Issue{"/parameters",
               has_list ? "list and file both name edges" : "neither list nor file names an edge",
               has_list ? "remove one of them" : "for example {\"list\": [0, 1, 1, 2]}"};
}

std::vector<Edge> edges_of_list(const Integers& list) {
  std::vector<Edge> edges;
  for (std::size_t i = 0; i + 1 < list.size(); i += 2) edges.emplace_back(list[i], list[i + 1]);
  return edges;
}

// An edge that joins a node to itself, or the second of two that are the same.
std::optional<Issue> problem_of_pairs(std::vector<Edge> edges) {
  const std::string where = "/parameters/list";
  for (const auto& [a, b] : edges)
    if (a == b) return Issue{where, fmt::format("joins node {} to itself", a), "remove the pair"};
  std::sort(edges.begin(), edges.end());
  const auto repeated = std::adjacent_find(edges.begin(), edges.end());
  if (repeated == edges.end()) return std::nullopt;
  return Issue{where, fmt::format("joins nodes {} and {} twice", repeated->first, repeated->second),
               "remove one of the pairs"};
}

std::optional<Issue> problem_of_count(const std::vector<Edge>& edges, std::int64_t nodes) {
  std::int64_t named = 0;
  for (const auto& [a, b] : edges) named = std::max(named, std::int64_t{std::max(a, b)} + 1);
  if (named == nodes) return std::nullopt;
  return Issue{"",
               fmt::format("the edges name nodes up to {}, so that there are {}, not {}", named - 1,
                           named, nodes),
               fmt::format("use {} nodes, or add the edges of the others", named)};
}

std::optional<Issue> problem_edges(const Parameters& parameters, std::int64_t nodes) {
  if (auto issue = problem_of_edge_source(parameters)) return issue;
  if (has_edge_file(parameters)) return std::nullopt;
  const Integers& list = parameters.integers("list");
  if (list.size() % 2 != 0)
    return Issue{"/parameters/list",
                 fmt::format("has {} integers, but two are an edge", list.size()),
                 "give an even number of them: [0, 1, 1, 2] joins 0 to 1 and 1 to 2"};
  const std::vector<Edge> edges = edges_of_list(list);
  if (auto issue = problem_of_pairs(edges)) return issue;
  return problem_of_count(edges, nodes);
}

double edges_of_edges(const Parameters& parameters, std::int64_t) {
  return static_cast<double>(parameters.integers("list").size()) / 2;
}

Graph make_edges(const TopologyInput& input) {
  if (!has_edge_file(input.parameters))
    return graph_of(input.nodes, edges_of_list(input.parameters.integers("list")));
  const std::string& file = input.parameters.text("file");
  const std::vector<Edge> edges = read_edges(file);
  if (static_cast<double>(edges.size()) > kMostEdges)
    throw InputError({file, fmt::format("has {} edges, more than {:.0f}", edges.size(), kMostEdges),
                      "use a smaller graph"});
  if (auto issue = problem_of_count(edges, static_cast<std::int64_t>(input.nodes))) {
    issue->where = file;
    throw InputError(*issue);
  }
  return graph_of(input.nodes, edges);
}

std::vector<std::string> files_of_edges(const Parameters& parameters) {
  if (!has_edge_file(parameters)) return {};
  return {parameters.text("file")};
}

}  // namespace

namespace topologies_list {

TopologyKind edges() {
  return {.declaration =
              {.name = "edges",
               .summary = "the edges given in a list or a file, for as many nodes as they name",
               .source = "the user",
               .parameters = {integers("list", {}, 0, kMostVertices - 1,
                                       "two integers for each edge: [0, 1, 1, 2] joins node 0 to 1 "
                                       "and 1 to 2"),
                              path("file",
                                   "a file with two integers on each line, separated by blanks or "
                                   "a comma; lines with # are comments")}},
          .problem = problem_edges,
          .edges = edges_of_edges,
          .make = make_edges,
          .files = files_of_edges,
          .any_edges = true};
}

}  // namespace topologies_list
}  // namespace byzsim
