// What attacks send a receiver on a graph, and how far the searched ones move its combine.
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "adversaries/attacks/assumed_combine.h"
#include "adversaries/coalition.h"
#include "sim/nodes/neighbourhood.h"
#include "tests/adversaries/attack_situations.h"
#include "tests/catch.h"
#include "tests/sim/graph_scenarios.h"

namespace byzsim::graph_attacks_test {
namespace {

using Floats = std::vector<float>;
using Cells = std::vector<std::optional<Floats>>;

/// Eight nodes on a ring, each joined to two on either side. Node 7 is Byzantine; the honest
/// neighbours of node 0 are 1, 2 and 6.
Json ring(const std::string& rule = "average") {
  Json json = small_gossip();
  json["nodes"]["byzantine"] = 1;
  json["nodes"]["aggregator"] = rule;
  return json;
}

Json with_attack(Json json, const std::string& name, const Json& parameters = Json::object(),
                 const std::string& knowledge = "omniscient") {
  json["adversary"] = {{"nodes", {{"name", name}, {"parameters", parameters}}},
                       {"knowledge", knowledge}};
  return json;
}

/// A graph, and the vectors of its honest nodes in a step; of nodes without one nothing is known.
class Step {
 public:
  Step(const Json& json, const Cells& vectors) : world_(json) {
    for (std::uint32_t node = 0; node < vectors.size(); ++node)
      if (vectors[node]) honest_.push_back({{Role::server, node}, Payload(*vectors[node])});
  }
  /// Of independent normal vectors.
  explicit Step(const Json& json) : world_(json) {
    const std::size_t dimension = world_.workload->dimension();
    Stream stream(5, Purpose::attack, 0, 0);
    for (std::uint32_t node = 0; node < graph().placed().honest; ++node) {
      Floats vector(dimension);
      for (float& value : vector) value = static_cast<float>(stream.normal());
      honest_.push_back({{Role::server, node}, Payload(vector)});
    }
  }

  const NodeGraph& graph() const { return world_.workload->graph_at(0); }
  const Floats& vector(std::size_t node) const { return honest_[node].vector.values(); }

  /// What node 7 sends a receiver, where an honest node would send 5, ..., 5.
  Floats sent_to(std::uint32_t receiver, const Changes& changes = {}) const {
    Scenario scenario = world_.workload->scenario();
    for (const auto& [name, value] : changes) scenario.server_attack.parameters.set(name, value);
    const std::vector<NodeId> receivers = {{Role::server, receiver}};
    const std::size_t dimension = honest_.front().vector.dimension();
    const AdversaryView view{scenario, 0, dimension, honest_, {}, honest_.size(), world_.executor};
    const PendingSend pending{
        {Role::server, 7}, Phase::gather, 1, Payload(Floats(dimension, 5)), receivers};
    return make_adversary(scenario)->decide(pending, view)[0].values();
  }

  /// How far the node's own combine is then from what its honest neighbours alone make of it.
  double damage(std::uint32_t receiver, const Floats& sent) const {
    std::vector<Heard> heard;
    for (const std::uint32_t neighbour : graph().neighbours(receiver))
      heard.push_back(
          {{Role::server, neighbour}, neighbour == 7 ? Payload(sent) : honest_[neighbour].vector});
    const NodeId id{Role::server, receiver};
    Payload memory;
    const Floats combined =
        combine_on_graph(world_.workload, id, {2, Phase::gather, 0},
                         with_own(std::move(heard), {id, honest_[receiver].vector}), Absent::faulty,
                         memory)
            .vector.values();
    const std::vector<double> weights = weights_of(graph(), receiver);
    double sum = 0;
    for (std::size_t c = 0; c < combined.size(); ++c) {
      double sought = vector(receiver)[c];
      for (std::size_t j = 0; j + 1 < weights.size(); ++j)
        if (const std::uint32_t neighbour = graph().neighbours(receiver)[j]; neighbour != 7)
          sought += weights[j + 1] * (double(vector(neighbour)[c]) - double(vector(receiver)[c]));
      sum += (combined[c] - sought) * (combined[c] - sought);
    }
    return std::sqrt(sum);
  }

 private:
  World world_;
  std::vector<Heard> honest_;
};

const double kGrid[] = {0, 0.1, 0.3, 0.5, 0.8, 1, 1.5, 2, 3, 5, 10, 30};

/// A receiver with the vector 0 between neighbours 4 and 8 of weights 0.2 and 0.1; its own weighs
/// 0.4, two Byzantine ones 0.2 and 0.1.
AttackTarget<double> small_target() {
  static const double own[] = {0}, first[] = {4}, second[] = {8};
  static const double* const neighbours[] = {first, second};
  static const double weights[] = {0.2, 0.1}, byzantine[] = {0.2, 0.1};
  return {own, neighbours, weights, byzantine, 0.4, false, 1};
}

struct Combined {
  double result, sought;
};

/// What the small target makes of a forged value by the rule.
Combined combined_by(const std::string& rule, const AttackTarget<double>& target, double forged) {
  const Aggregation defence = defence_of(rule, 2);
  const Parameters none;
  const Executor executor(1);
  const Doubles own = {0};
  AttackInput<double> input{own,      {},      5, 2, none, Stream(1, Purpose::attack, 0, 0),
                            &defence, executor};
  input.target = &target;
  const AssumedCombine<double> combine = assumed_combine(input);
  return {combined_with(combine, input, {forged})[0], honest_combine(combine, 1)[0]};
}

}  // namespace

TEST_CASE("spectral adds the receiver's part along the Fiedler vector, as written out in double") {
  const Step step(with_attack(ring(), "spectral", {{"strength", 2}}));
  const std::vector<double>& v = step.graph().fiedler();
  REQUIRE(v.size() == 7);
  for (const std::uint32_t receiver : {0u, 1u, 5u, 6u}) {
    const Floats sent = step.sent_to(receiver);
    for (std::size_t c = 0; c < sent.size(); ++c) {
      double component = 0;
      for (std::size_t j = 0; j < 7; ++j) component += v[j] * double(step.vector(j)[c]);
      CHECK(sent[c] == Approx(step.vector(receiver)[c] + 2 * v[receiver] * component).margin(1e-6));
    }
  }
}

TEST_CASE("spectral drives the two sides of the bottleneck apart") {
  // Nodes 0 to 6 at their numbers: the component along the Fiedler vector is that slope, and the
  // ends, 0 and 6, are to move outwards.
  Cells slope;
  for (int node = 0; node < 7; ++node) slope.push_back(Floats{static_cast<float>(node)});
  const Step step(with_attack(ring(), "spectral", {{"strength", 1}}), slope);
  CHECK(step.sent_to(0)[0] < -0.5);
  CHECK(step.sent_to(6)[0] > 6.5);
}

TEST_CASE("spectral sends an honest vector where the receiver's is not known") {
  const Json json = with_attack(ring(), "spectral");
  const Step step(json, {std::nullopt, Floats{1}, Floats{2}});
  CHECK(step.sent_to(0) == Floats{5});
  CHECK(Step(with_attack(ring(), "spectral", Json::object(), "blind"), {Floats{1}}).sent_to(0) ==
        Floats{0});
}

TEST_CASE("spectral sends an honest vector where the honest nodes are in pieces") {
  Json json = with_attack(small_gossip(), "spectral");
  json["topology"] = "chain";
  json["unsafe"] = true;
  json["nodes"]["byzantine"] = 1;
  json["nodes"]["placement"] = {{"name", "list"}, {"parameters", {{"nodes", {3}}}}};
  // The Byzantine vertex 3 has the number 7, and joins those that are 2 and 3 now.
  const Step step(json, Cells(7, Floats{1}));
  CHECK(step.graph().fiedler().empty());
  CHECK(step.sent_to(2) == Floats{5});
}

TEST_CASE("a searched strength damages a receiver's combine more than every strength of a grid") {
  for (const std::string attack : {"dissensus", "spectral"}) {
    for (const std::string rule : {"average", "clipped_gossip", "cs_plus", "gts", "ios",
                                   "trimmed_mean", "bridge", "median"}) {
      const Step step(with_attack(ring(rule), attack));
      for (const std::uint32_t receiver : {0u, 1u, 5u, 6u}) {
        CAPTURE(attack, rule, receiver);
        const double searched = step.damage(
            receiver,
            step.sent_to(receiver, {{"strength", std::string("search")}, {"evaluations", 200l}}));
        CHECK(searched > 0);
        for (const double strength : kGrid) {
          CAPTURE(strength);
          const double fixed =
              step.damage(receiver, step.sent_to(receiver, {{"strength", strength}}));
          CHECK(searched >= fixed * (1 - 1e-5));  // float32 rounds both
        }
      }
    }
  }
}

TEST_CASE("the searched ALIE and IPM search for each receiver of a graph") {
  for (const std::string attack :
       {"optimal_a_little_is_enough", "optimal_inner_product_manipulation"}) {
    CAPTURE(attack);
    const Step step(with_attack(ring("gts"), attack));
    CHECK(step.sent_to(0) != step.sent_to(6));
    // The first factor, 0, is the best of one evaluation.
    const double searched = step.damage(0, step.sent_to(0));
    CHECK(searched > step.damage(0, step.sent_to(0, {{"evaluations", 1l}})));
  }
}

TEST_CASE("ALIE from the receiver adds the deviation of all honest nodes to its vector") {
  // 1, 2, 3, 4, 5, 6, 7: variance 28 / 6.
  Cells all;
  for (int node = 0; node < 7; ++node) all.push_back(Floats{static_cast<float>(node + 1)});
  const Step step(with_attack(ring(), "a_little_is_enough", {{"z", 2}, {"from", "receiver"}}), all);
  const double deviation = std::sqrt(28.0 / 6);
  CHECK(step.sent_to(0)[0] == Approx(1 + 2 * deviation));
  CHECK(step.sent_to(6)[0] == Approx(7 + 2 * deviation));
}

TEST_CASE("IPM from the receiver subtracts the mean of all honest nodes from its vector") {
  const Step step(
      with_attack(ring(), "inner_product_manipulation", {{"tau", 2}, {"from", "receiver"}}),
      {Floats{10}, Floats{1}, Floats{1}});
  CHECK(step.sent_to(0) == Floats{2});   // 10 - 2 * 4
  CHECK(step.sent_to(1) == Floats{-7});  // 1 - 2 * 4
  CHECK(step.sent_to(5) == Floats{5});   // not known: its own
}

TEST_CASE("mimic that knows a neighbourhood counts its nodes from the receiver on") {
  const Json json = with_attack(ring(), "mimic", Json::object(), "neighbourhood");
  const auto copied = [&](std::int64_t index, const Cells& known) {
    return Step(json, known).sent_to(0, {{"index", index}});
  };
  const Cells all = {Floats{0},  Floats{10}, Floats{20}, Floats{30},
                     Floats{40}, Floats{50}, Floats{60}};
  CHECK(copied(0, all) == Floats{0});
  CHECK(copied(1, all) == Floats{10});
  CHECK(copied(3, all) == Floats{60});  // the neighbours are 1, 2 and 6
  CHECK(copied(4, all) == Floats{0});   // 4 modulo 4
  Cells some = all;
  some[1] = std::nullopt;
  CHECK(copied(2, some) == Floats{20});  // its number stays
  CHECK(copied(1, some) == Floats{5});   // its own
}

TEST_CASE("split that knows a neighbourhood sees both sides of the cut in it") {
  // The cut is 0-3 and 4-6; of node 1's neighbourhood, 0 to 3 are here. Node 6's are 0, 4 and 5.
  const Cells all = {Floats{1},  Floats{2},  Floats{3}, Floats{4},
                     Floats{10}, Floats{11}, Floats{12}};
  const Step step(with_attack(ring(), "split", {{"push", 0}}, "neighbourhood"), all);
  CHECK(step.sent_to(1) == Floats{5});   // its own: no other side
  CHECK(step.sent_to(6) == Floats{11});  // the mean of 10, 11 and 12
}

TEST_CASE("a receiver is assumed to combine by its own weights") {
  // Neighbours 4 and 8, its own 0 and twice 10: 0.2 * 4 + 0.1 * 8 + 0.3 * 10 = 4.6. Without the
  // Byzantine ones: 1.6.
  const Combined combined = combined_by("average", small_target(), 10);
  CHECK(combined.result == Approx(4.6));
  CHECK(combined.sought == Approx(1.6));
}

TEST_CASE("a receiver of drawn vectors is assumed to weigh them alike") {
  AttackTarget<double> target = small_target();
  target.equally = true;
  const Combined combined = combined_by("average", target, 10);
  CHECK(combined.result == Approx(32.0 / 5));  // 4, 0, 8, 10 and 10
  CHECK(combined.sought == Approx(4));
}

TEST_CASE("a receiver is assumed to trust its own vector, where it has its place") {
  // GTS drops the farthest up to twice the largest weight, 0.4: the two at 10 and the one at 8.
  CHECK(combined_by("gts", small_target(), 10).result == Approx(0.8));  // 0.2 * 4
}

TEST_CASE("against a rule that asks for losses a receiver is assumed to take the weighted mean") {
  CHECK(combined_by("ubar", small_target(), 10).result == Approx(4.6));
}

}  // namespace byzsim::graph_attacks_test
