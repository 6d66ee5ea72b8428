// What one combine on a small graph can leave of the drift, beside cases worked out by hand and
// beside every value of a grid.
#include "sim/gather/graph_contraction.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "core/graphs/honest_part.h"
#include "core/graphs/topology.h"
#include "core/input/json.h"
#include "core/input/parameter_reader.h"
#include "tests/catch.h"

namespace byzsim::graph_contraction_test {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
using Positions = std::vector<std::int64_t>;

Choice choice_of(const std::vector<Declaration>& among, const std::string& text) {
  Issues issues;
  Notes notes;
  const Json json = text.front() == '{' ? Json::parse(text) : Json(text);
  const Choice choice = read_choice(among, "choice", json, "", issues, notes);
  throw_if_any(issues);
  return choice;
}

/// The last of `nodes` nodes are Byzantine, all but as many as there are positions.
GraphGather gather_on(const std::string& topology, std::size_t nodes, const Positions& positions,
                      const std::string& rule, GossipWeights weights = GossipWeights::metropolis) {
  const std::size_t honest = positions.size();
  const Choice kind = choice_of(topologies().declarations(), topology);
  const Graph graph = make_graph(kind, nodes, 1, "/topology");
  GraphGather gather{positions,
                     place_byzantine(graph, default_choice(placements().declarations(), "last"),
                                     {honest, nodes - honest}, 1),
                     weights,
                     {},
                     {{}, choice_of(rules().declarations(), rule), 0}};
  const auto most = most_byzantine_neighbourhood(gather.placed.graph, honest).byzantine;
  gather.tolerated.assign(honest, std::int64_t(most));
  return gather;
}

// --- the definition taken literally: every value of a grid to every neighbour ---

/// What each neighbour sends, nothing where it is silent.
using Received = std::map<std::uint32_t, std::optional<double>>;

double combined(const GraphGather& gather, std::uint32_t node, const Received& received) {
  const Graph& graph = gather.placed.graph;
  const std::vector<double> row = weights_of(graph, gather.weights, node, largest_degree(graph));
  Aggregation aggregation = gather.aggregation;
  std::int64_t f = gather.tolerated[node];
  std::map<std::uint32_t, std::pair<double, double>> all;  // value and weight by sender
  all[node] = {double(gather.positions[node]), row[0]};
  for (std::size_t k = 0; k < graph.neighbours[node].size(); ++k) {
    const std::uint32_t neighbour = graph.neighbours[node][k];
    if (const auto value = received.at(neighbour)) {
      all[neighbour] = {*value, row[k + 1]};
    } else {
      all[node].second += row[k + 1];
      --f;
    }
  }
  aggregation.f = int(std::max<std::int64_t>(0, f));
  const auto n = std::int64_t(all.size());
  if (broken_condition(aggregation, n, true, {.own = true, .losses = true}))
    return double(gather.positions[node]);
  std::vector<const double*> vectors;
  std::vector<double> weights;
  AggregationInput<double> input{{}, 1};
  for (const auto& [sender, value] : all) {
    if (sender == node) input.own = vectors.size();
    vectors.push_back(&value.first);
    weights.push_back(value.second);
  }
  input.vectors = vectors;
  input.weights = weights;
  return aggregate<double>(aggregation, input, Executor(1)).front();
}

/// As far beside a whole number as a limit is approached; twice as far, so that of two values each
/// comes nearer than the other.
constexpr double kBeside = 1e-7;

/// Every whole number up to the span of the positions beyond them and what is directly beside it,
/// some far out, and what is no number.
std::vector<std::optional<double>> grid_about(const Positions& positions) {
  std::vector<std::optional<double>> values = {std::nullopt, kInfinity, -kInfinity,
                                               std::nan(""), 1e6,       -1e6};
  const auto [low, high] = std::minmax_element(positions.begin(), positions.end());
  const std::int64_t span = *high - *low;
  for (std::int64_t value = *low - span - 1; value <= *high + span + 1; ++value)
    for (const int beside : {-2, -1, 0, 1, 2}) values.push_back(double(value) + beside * kBeside);
  return values;
}

Extremes on_grid(const GraphGather& gather, std::uint32_t node) {
  Received received;
  std::vector<std::uint32_t> byzantine;
  for (const std::uint32_t neighbour : gather.placed.graph.neighbours[node])
    if (neighbour < gather.placed.honest)
      received[neighbour] = double(gather.positions[neighbour]);
    else
      byzantine.push_back(neighbour);
  Extremes all{kInfinity, -kInfinity};
  const auto values = grid_about(gather.positions);
  std::vector<std::size_t> chosen(byzantine.size());
  for (std::size_t digit = 0;;) {
    for (std::size_t k = 0; k < chosen.size(); ++k) received[byzantine[k]] = values[chosen[k]];
    const double result = combined(gather, node, received);
    if (!std::isfinite(result)) return {-kInfinity, kInfinity};
    all = {std::min(all.low, result), std::max(all.high, result)};
    for (digit = 0; digit < chosen.size() && ++chosen[digit] == values.size(); ++digit)
      chosen[digit] = 0;
    if (digit == chosen.size()) return all;
  }
}

const std::vector<std::string> kRules = {
    "median",
    "trimmed_mean",
    "monna",
    "bridge",
    R"({"name": "bridge", "parameters": {"screen": "median"}})",
    R"({"name": "bridge", "parameters": {"trimmed": "all"}})",
    R"({"name": "clipped_gossip", "parameters": {"radius": 5}})",
    R"({"name": "clipped_gossip", "parameters": {"radius": "second_largest"}})",
    "cs_plus",
    R"({"name": "cs_plus", "parameters": {"beyond": "2f-1"}})",
    "gts",
    R"({"name": "gts", "parameters": {"removed": "f+1"}})",
    "ios"};

const std::vector<Positions> kPositions = {{0, 6, 12, 18}, {0, 0, 12, 12}, {5, 0, 18, 7}};

// Where comparisons of the rule are ties, values are whole numbers; those of ios depend on weighted
// means and are no further than 1 from one of the grid.
void check_beside_grid(const GraphGather& gather) {
  const double missed = gather.aggregation.rule.name == "ios" ? 1 : 10 * kBeside;
  for (std::uint32_t node = 0; node < gather.placed.honest; ++node) {
    CAPTURE(node);
    const Extremes exact = reach_of_node(gather, node), tried = on_grid(gather, node);
    const bool bounded = std::isfinite(exact.low) && std::isfinite(exact.high);
    if (!bounded) {
      // Values of a million show it.
      CHECK(std::max(-tried.low, tried.high) > 1e5);
      continue;
    }
    CHECK(exact.low <= tried.low + 1e-9);
    CHECK(exact.high >= tried.high - 1e-9);
    CHECK(exact.low >= tried.low - missed);
    CHECK(exact.high <= tried.high + missed);
  }
}

}  // namespace

TEST_CASE("clipped to 1, a Byzantine neighbour holds both ends of a ring where they are") {
  // Weights of 1/3. Node 0 moves from 1 by (1 +- 1) / 3, node 3 from 4 by (-1 +- 1) / 3.
  const GraphReach reach = worst_reach(gather_on(
      "ring", 5, {1, 2, 3, 4}, R"({"name": "clipped_gossip", "parameters": {"radius": 1}})"));
  CHECK(reach.nodes[0].low == Approx(1));
  CHECK(reach.nodes[0].high == Approx(1 + 2.0 / 3));
  CHECK(reach.nodes[1] == Extremes{2, 2});
  CHECK(reach.nodes[3].high == Approx(4));
  CHECK(reach.before == 3);
  CHECK(reach.worst == Approx(3));
}

TEST_CASE("on a ring GTS lets one combine enlarge the drift") {
  // Node 0 at 1 drops node 1 at 2 for a value as near, 0: it moves by -1/3. Node 3 moves by 1/3.
  const GraphReach reach = worst_reach(gather_on("ring", 5, {1, 2, 3, 4}, "gts"));
  CHECK(reach.nodes[0].low == Approx(2.0 / 3));
  CHECK(reach.nodes[3].high == Approx(4 + 1.0 / 3));
  CHECK(reach.worst == Approx(3 + 2.0 / 3));
  CHECK(reach.above == 3);
  CHECK(reach.below == 0);
}

TEST_CASE("on a complete graph BRIDGE leaves a third of the drift of 1, 2, 3, 4") {
  // Below all values: node 0 takes the mean of 1, 2, 3. Above all: node 3 that of 2, 3, 4.
  const GraphReach reach = worst_reach(gather_on("complete", 5, {1, 2, 3, 4}, "bridge"));
  CHECK(reach.nodes[0].low == Approx(2));
  CHECK(reach.nodes[0].high == Approx(8.0 / 3));
  CHECK(reach.nodes[3].high == Approx(3));
  CHECK(reach.worst == Approx(1));
}

TEST_CASE("in a star only the centre is reached by a Byzantine leaf") {
  // Weights of 1/5: the centre at 0 moves by (10 + 10 + 10 +- 2) / 5 at most, clipped to 2.
  const GraphReach reach = worst_reach(gather_on(
      "star", 5, {0, 10, 10, 10}, R"({"name": "clipped_gossip", "parameters": {"radius": 2}})"));
  CHECK(reach.nodes[0].low == Approx((2 + 2 + 2 - 2) / 5.0));
  CHECK(reach.nodes[0].high == Approx((2 + 2 + 2 + 2) / 5.0));
  CHECK(reach.nodes[1].low == reach.nodes[1].high);
}

TEST_CASE("plain gossip leaves the drift without bound") {
  const GraphReach reach = worst_reach(gather_on("ring", 5, {1, 2, 3, 4}, "average"));
  CHECK(reach.worst == kInfinity);
  CHECK(reach.nodes[1] == Extremes{2, 2});  // without a Byzantine neighbour
}

TEST_CASE("silence can be worse than any value") {
  // CS+ with f = 1 wants two of node 0's three neighbours beyond its threshold, which is the least
  // distance then: 0, that of node 1. Of silence f is 0, and nothing is clipped: 6 has 1/4.
  const GraphGather gather = gather_on("complete", 4, {0, 0, 6}, "cs_plus", GossipWeights::uniform);
  CHECK(reach_of_node(gather, 0).high == Approx(6 / 4.0));
}

TEST_CASE("small graphs agree with every value of a grid, for every rule") {
  for (const std::string& rule : kRules)
    for (const Positions& positions : kPositions)
      for (const std::string topology : {"ring", "star", "complete"}) {
        CAPTURE(rule, topology, positions);
        check_beside_grid(gather_on(topology, 5, positions, rule));
      }
}

TEST_CASE("two worlds agree with every value of a grid, for every rule and kind of weights") {
  for (const std::string& rule : kRules)
    for (const GossipWeights weights :
         {GossipWeights::metropolis, GossipWeights::uniform, GossipWeights::laplacian}) {
      CAPTURE(rule, to_string(weights));
      check_beside_grid(gather_on("two_worlds", 6, {0, 6, 12, 18, 3}, rule, weights));
    }
}

TEST_CASE("two Byzantine neighbours agree with every pair of values of a grid, for every rule") {
  for (const std::string& rule : kRules) {
    CAPTURE(rule);
    check_beside_grid(gather_on("complete", 6, {0, 2, 3, 6}, rule));
  }
  check_beside_grid(gather_on("complete", 6, {0, 2, 3, 7}, "ios"));
}

TEST_CASE("plain gossip agrees with a grid that it leaves") {
  for (const std::string topology : {"ring", "star", "complete"})
    check_beside_grid(gather_on(topology, 5, {0, 6, 12, 18}, "average"));
}

TEST_CASE("what has no lines is refused with what has") {
  const auto problem = [](const std::string& topology, std::size_t nodes,
                          const Positions& positions, const std::string& rule) {
    const Issues issues = problems_of(gather_on(topology, nodes, positions, rule));
    return issues.empty() ? "" : to_string(issues.front());
  };
  CHECK(problem("ring", 5, {1, 2, 3, 4}, "gts") == "");
  CHECK(problem("ring", 5, {1, 2, 3, 4}, "krum") ==
        "/nodes/aggregator: krum is not linear between ties of values or distances; use one of: "
        "average, median, trimmed_mean, monna, bridge, clipped_gossip, cs_plus, gts, ios");
  CHECK(problem("ring", 5, {1, 2, 3, 4}, "clipped_gossip") ==
        "/nodes/aggregator/parameters/radius: an adaptive radius is a root of squared distances; "
        "use a number or \"second_largest\"");
  CHECK(problem("complete", 6, {1, 2, 3}, "gts") ==
        "/topology: node 0 has 3 Byzantine neighbours, and a contraction is computed for at most "
        "2; use fewer Byzantine nodes or another graph");
  CHECK(problem("complete", 7, {1, 2, 3, 4, 5, 6}, "gts") ==
        "/topology: node 0 has 6 neighbours, and a contraction is computed for at most 5; use "
        "fewer nodes or a graph of lower degree");
}

}  // namespace byzsim::graph_contraction_test
