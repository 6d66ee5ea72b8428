// A grid whose opposite sides are joined: node r * columns + c is that of row r and column c, and
// has four neighbours.
#include <fmt/format.h>

#include "core/graphs/topology.h"

namespace byzsim {
namespace {

// With two, the neighbours on both sides would be one.
constexpr std::int64_t kLeastSide = 3;

// The largest divisor up to the square root.
std::int64_t most_square_divisor(std::int64_t nodes) {
  std::int64_t best = 1;
  for (std::int64_t rows = 1; rows * rows <= nodes; ++rows)
    if (nodes % rows == 0) best = rows;
  return best;
}

std::int64_t rows_of_torus(const Parameters& parameters, std::int64_t nodes) {
  return parameters.is_word("rows") ? most_square_divisor(nodes) : parameters.integer("rows");
}

std::optional<Issue> problem_torus(const Parameters& parameters, std::int64_t nodes) {
  const std::int64_t rows = rows_of_torus(parameters, nodes);
  if (nodes % rows != 0)
    return Issue{"/parameters/rows", fmt::format("{} nodes are not {} equal rows", nodes, rows),
                 "choose a divisor of the number of nodes, or \"auto\""};
  if (rows >= kLeastSide && nodes / rows >= kLeastSide) return std::nullopt;
  return Issue{"",
               fmt::format("a torus has {0} or more rows and {0} or more columns; {1} nodes are "
                           "{2} x {3} here",
                           kLeastSide, nodes, rows, nodes / rows),
               "use 9, 12, 15, 16 or another number of nodes with two such divisors"};
}

double edges_of_torus(const Parameters&, std::int64_t nodes) {
  return 2 * static_cast<double>(nodes);
}

Graph make_torus(const TopologyInput& input) {
  const auto rows = static_cast<std::size_t>(
      rows_of_torus(input.parameters, static_cast<std::int64_t>(input.nodes)));
  const std::size_t columns = input.nodes / rows;
  std::vector<Edge> edges;
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      const std::size_t node = row * columns + column;
      edges.emplace_back(node, row * columns + (column + 1) % columns);
      edges.emplace_back(node, (row + 1) % rows * columns + column);
    }
  return graph_of(input.nodes, edges);
}

}  // namespace

namespace topologies_list {

TopologyKind torus() {
  return {.declaration =
              {.name = "torus",
               .summary = "a grid whose opposite sides are joined, so that each node has four "
                          "neighbours; node r * columns + c is in row r and column c",
               .source = "the Cartesian product of two cycles",
               .parameters = {integer("rows", 3, kLeastSide, kMostVertices,
                                      "rows of the grid, a divisor of the number of nodes; auto: "
                                      "the largest one up to its square root")
                                  .or_default_word("auto")}},
          .problem = problem_torus,
          .edges = edges_of_torus,
          .make = make_torus};
}

}  // namespace topologies_list
}  // namespace byzsim
