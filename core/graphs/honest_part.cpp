#include "core/graphs/honest_part.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "core/check.h"

namespace byzsim {
namespace {

constexpr std::size_t kListedNodes = 8;

std::string listed_nodes(std::vector<std::uint32_t> nodes) {
  const std::size_t beyond = nodes.size() - std::min(nodes.size(), kListedNodes);
  nodes.resize(nodes.size() - beyond);
  return fmt::format("{} {}{}", nodes.size() + beyond == 1 ? "node" : "nodes",
                     fmt::join(nodes, ", "),
                     beyond == 0 ? "" : fmt::format(" and {} more", beyond));
}

// The nodes of the smallest component; of equal ones the first.
std::vector<std::uint32_t> smallest_component(const std::vector<std::uint32_t>& component) {
  std::vector<std::size_t> sizes(component.size(), 0);
  for (const std::uint32_t name : component) ++sizes[name];
  const auto smaller = [&](std::uint32_t a, std::uint32_t b) { return sizes[a] < sizes[b]; };
  const std::uint32_t smallest = *std::min_element(component.begin(), component.end(), smaller);
  std::vector<std::uint32_t> nodes;
  for (std::uint32_t v = 0; v < component.size(); ++v)
    if (component[v] == smallest) nodes.push_back(v);
  return nodes;
}

}  // namespace

std::optional<std::string> disconnected_honest_part(const Graph& graph, std::size_t honest) {
  if (is_connected(graph, honest)) return std::nullopt;
  const std::vector<std::uint32_t> nodes = smallest_component(component_of(graph, honest));
  return fmt::format("no path of honest nodes joins {} to the other {} honest {}",
                     listed_nodes(nodes), honest - nodes.size(),
                     honest - nodes.size() == 1 ? "node" : "nodes");
}

Neighbourhood most_byzantine_neighbourhood(const Graph& graph, std::size_t honest) {
  BYZ_CHECK(honest >= 1 && honest <= graph.vertices(), "some vertices of a graph are honest");
  const auto of = [&](std::uint32_t v) {
    return Neighbourhood{v, byzantine_neighbours(graph, honest, v), degree_of(graph, v)};
  };
  Neighbourhood worst = of(0);
  for (std::uint32_t v = 1; v < honest; ++v) {
    const Neighbourhood next = of(v);
    if (next.byzantine > worst.byzantine ||
        (next.byzantine == worst.byzantine && next.neighbours < worst.neighbours))
      worst = next;
  }
  return worst;
}

std::string to_string(const Neighbourhood& neighbourhood) {
  const auto& [node, byzantine, neighbours] = neighbourhood;
  if (byzantine == 0) return "no honest node has a Byzantine neighbour";
  return fmt::format(
      "node {} has {} Byzantine among its {} neighbours, the most of all honest nodes", node,
      byzantine, neighbours);
}

}  // namespace byzsim
