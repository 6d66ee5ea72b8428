#include "core/graphs/weights.h"

#include <numeric>

#include "tests/catch.h"
#include "tests/core/graphs.h"

namespace byzsim::gossip_weights_test {
namespace {

using namespace graphs;
using Weights = std::vector<double>;

Weights row(const Graph& graph, GossipWeights kind, std::size_t vertex) {
  return weights_of(graph, kind, vertex, largest_degree(graph));
}

/// The weight that `from` gives to `to`; 0 for those that are not neighbours.
double weight(const Graph& graph, GossipWeights kind, std::uint32_t from, std::uint32_t to) {
  const Weights weights = row(graph, kind, from);
  if (from == to) return weights[0];
  for (std::size_t i = 0; i < degree_of(graph, from); ++i)
    if (graph.neighbours[from][i] == to) return weights[i + 1];
  return 0;
}

constexpr std::array kKinds = {GossipWeights::metropolis, GossipWeights::uniform,
                               GossipWeights::laplacian};

}  // namespace

// A chain of three has the degrees 1, 2 and 1.
TEST_CASE("Metropolis weights of a chain of three follow the larger degree of each edge") {
  const Graph chain = graph("chain", 3);
  CHECK(row(chain, GossipWeights::metropolis, 0) == Weights{1 - 1.0 / 3, 1.0 / 3});
  CHECK(row(chain, GossipWeights::metropolis, 1) ==
        Weights{1 - (1.0 / 3 + 1.0 / 3), 1.0 / 3, 1.0 / 3});
}

TEST_CASE("uniform weights are a plain mean") {
  const Graph chain = graph("chain", 3);
  CHECK(row(chain, GossipWeights::uniform, 0) == Weights{0.5, 0.5});
  CHECK(row(chain, GossipWeights::uniform, 1) == Weights{1.0 / 3, 1.0 / 3, 1.0 / 3});
}

TEST_CASE("Laplacian weights leave nothing to the node of the largest degree") {
  const Graph chain = graph("chain", 3);
  CHECK(row(chain, GossipWeights::laplacian, 0) == Weights{0.5, 0.5});
  CHECK(row(chain, GossipWeights::laplacian, 1) == Weights{0, 0.5, 0.5});
}

TEST_CASE("a node without neighbours keeps its vector") {
  for (const GossipWeights kind : kKinds) CHECK(row(graph_of(1, {}), kind, 0) == Weights{1});
}

TEST_CASE("every row of weights sums to 1, none negative") {
  for (const char* name : {"complete", "star", "binary_tree", "erdos_renyi", "two_worlds"}) {
    const Graph made = graph(name, 40);
    for (const GossipWeights kind : kKinds)
      for (std::size_t v = 0; v < 40; ++v) {
        CAPTURE(name, to_string(kind), v);
        const Weights weights = row(made, kind, v);
        CHECK(weights.size() == 1 + degree_of(made, v));
        CHECK(std::accumulate(weights.begin(), weights.end(), 0.0) == Approx(1).epsilon(1e-14));
        CHECK(*std::min_element(weights.begin(), weights.end()) >= 0);
      }
  }
}

TEST_CASE("Metropolis and Laplacian weights are symmetric, uniform ones are not") {
  const Graph star = graph("star", 5);
  for (std::uint32_t i = 0; i < 5; ++i)
    for (std::uint32_t j = 0; j < 5; ++j)
      for (const GossipWeights kind : {GossipWeights::metropolis, GossipWeights::laplacian})
        CHECK(weight(star, kind, i, j) == weight(star, kind, j, i));
  CHECK(weight(star, GossipWeights::uniform, 0, 1) == 0.2);
  CHECK(weight(star, GossipWeights::uniform, 1, 0) == 0.5);
}

TEST_CASE("Byzantine neighbours count in the degrees") {
  // Each of three honest nodes has one honest or two honest neighbours, and two Byzantine ones.
  const PlacedGraph placed = place_byzantine(
      graph("chain", 3), placement("per_honest", {{"edges", std::int64_t{2}}}), {3, 2}, 1);
  CHECK(weight(placed.graph, GossipWeights::metropolis, 0, 1) == 1.0 / (1 + 2 + 2));
}

TEST_CASE("the kinds of weights have their words") {
  CHECK(words_of<GossipWeights>() ==
        std::vector<std::string>{"metropolis", "uniform", "laplacian"});
}

}  // namespace byzsim::gossip_weights_test
