// Each pair of nodes is joined with one probability, independently; drawn again until the graph is
// connected. The k-th draw has the stream of the counter k.
//
// Pairs in their order (1, 0), (2, 0), (2, 1), (3, 0), ... are skipped by a geometric draw each,
// so that the time grows with the edges and not with the pairs (Batagelj and Brandes, Physical
// Review E 71, 036113, 2005).
#include <fmt/format.h>

#include <cmath>

#include "core/exact/portable_math.h"
#include "core/graphs/clique.h"
#include "core/graphs/graph_draws.h"
#include "core/graphs/topology.h"

namespace byzsim {
namespace {

double edges_of_erdos_renyi(const Parameters& parameters, std::int64_t nodes) {
  return parameters.real("probability") * edges_of_clique(static_cast<double>(nodes));
}

// Nodes without a neighbour, on average, with which a connected draw counts as out of reach: their
// number is nearly that of a Poisson distribution, so that one draw in e^20 has none.
constexpr double kMostIsolated = 20;

std::optional<Issue> problem_erdos_renyi(const Parameters& parameters, std::int64_t nodes) {
  const double probability = parameters.real("probability"), count = static_cast<double>(nodes);
  if (probability == 1) return std::nullopt;
  const double isolated = count * portable::exp((count - 1) * portable::log(1 - probability));
  if (isolated <= kMostIsolated) return std::nullopt;
  return Issue{
      "/parameters/probability",
      fmt::format("with probability {} about {:.0f} of {} nodes have no neighbour, so that "
                  "no draw is connected",
                  probability, isolated, nodes),
      fmt::format("choose about {:.2g} or more (ln n / n)", portable::log(count) / count)};
}

// How many pairs are passed over before the next edge, at most `most`.
double draw_gap(double log_of_none, double most, Stream& stream) {
  if (log_of_none == 0) return most;  // a probability that 1 - p does not show
  return std::min(std::floor(portable::log(stream.uniform_open()) / log_of_none), most);
}

std::vector<Edge> draw_erdos_renyi(std::size_t nodes, double probability, Stream stream) {
  const double pairs = edges_of_clique(static_cast<double>(nodes));
  const double log_of_none = portable::log(1 - probability);
  std::vector<Edge> edges;
  std::size_t high = 1, low = 0;  // the pair that comes next
  while (high < nodes) {
    low += static_cast<std::size_t>(draw_gap(log_of_none, pairs, stream));
    while (high < nodes && low >= high) low -= high++;
    if (high < nodes) edges.emplace_back(low++, high);
  }
  return edges;
}

Graph make_erdos_renyi(const TopologyInput& input) {
  const double probability = input.parameters.real("probability");
  if (probability == 1) return topologies().at("complete").make(input);
  for (std::uint64_t draw = 0; draw < kMostGraphDraws; ++draw) {
    const std::vector<Edge> edges =
        draw_erdos_renyi(input.nodes, probability,
                         graph_stream(input.seed, GraphDraw::edges, counter_of(input, draw)));
    if (edges.size() + 1 < input.nodes) continue;  // fewer than a tree has
    Graph graph = graph_of(input.nodes, edges);
    if (is_connected(graph)) return graph;
  }
  throw InputError({input.where + "/parameters/probability",
                    fmt::format("none of {} draws of {} nodes with probability {} is connected",
                                kMostGraphDraws, input.nodes, probability),
                    "choose a larger probability or another seed"});
}

}  // namespace

namespace topologies_list {

TopologyKind erdos_renyi() {
  return {
      .declaration =
          {.name = "erdos_renyi",
           .summary = "each two nodes are neighbours with one probability, independently; drawn "
                      "again until the graph is connected, at most 100 times",
           .source = "Gilbert, Annals of Mathematical Statistics 30(4), 1959",
           .parameters = {real("probability", 0.5, 0, 1, "probability of each edge").above_low()},
           .aliases = {"gnp"}},
      .problem = problem_erdos_renyi,
      .edges = edges_of_erdos_renyi,
      .make = make_erdos_renyi,
      .draws = true};
}

}  // namespace topologies_list
}  // namespace byzsim
