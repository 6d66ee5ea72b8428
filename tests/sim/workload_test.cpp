#include "sim/nodes/computations.h"

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/nodes/inbox.h"
#include "tests/catch.h"
#include "tests/sim/async_scenarios.h"

namespace byzsim::workload_test {
namespace {

/// A vector of small_sgd's dimension, 3 * (6 + 1) = 21, with one value everywhere.
Payload constant(float value) { return Payload(std::vector<float>(21, value)); }

Json optimizer(double momentum, const std::string& where, double weight_decay) {
  return {{"rate", {{"name", "constant"}, {"parameters", {{"initial", 0.5}}}}},
          {"momentum", momentum},
          {"momentum_at", where},
          {"weight_decay", weight_decay}};
}

/// One update of a model of ones upon gradients of twos and fours, whose average is 3.
float descended(const Json& json, Payload& momentum) {
  const World world(with(json, "/workers/count", 2));
  Payload memory;
  const Payload aggregate =
      aggregate_of(world.workload, {constant(2), constant(4)},
                   {{Role::server, 0}, Phase::gradient, 0, Payload()}, memory);
  const Payload direction = direction_of(world.workload, aggregate, momentum);
  return descend(world.workload, constant(1), direction, 0).values().at(20);
}

float descended(const Json& json) {
  Payload momentum;
  return descended(json, momentum);
}

Json nesterov(const std::string& where) {
  return with(with(small_sgd(), "/optimizer", optimizer(0.5, where, 0)), "/optimizer/nesterov",
              true);
}

/// What worker 1 sends at the initial model.
Payload gradient_of(const World& world, std::int64_t step, Payload& momentum) {
  Payload memory;
  const Payload point = point_of(world.workload, {world.workload->initial_model(0)},
                                 {{Role::worker, 1}, Phase::model, step, Payload()}, memory);
  return gradient_at(world.workload, 1, step, point, momentum);
}

bool near(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t c = 0; c < a.size(); ++c)
    if (!(std::fabs(a[c] - b[c]) <= 1e-6f)) return false;
  return true;
}

/// Models are put into random groups of two before their median is taken.
Json with_random_groups(Json json) {
  Json& group = json[json.contains("nodes") ? "nodes" : "servers"];
  group["count"] = 7;
  group["pre"] = {"bucketing"};
  return json;
}

/// What is of one kind in a run, in its order.
template <class Kind>
std::vector<Kind> all(const std::vector<Occurrence>& trace) {
  std::vector<Kind> found;
  for (const Occurrence& occurrence : trace)
    for (const Deed& deed : occurrence.deeds)
      if (const auto* each = std::get_if<Kind>(&deed)) found.push_back(*each);
  return found;
}

/// The quorums of models of that phase that a run has used, by step and node.
std::map<std::pair<std::int64_t, NodeId>, Consume> quorums(const std::vector<Occurrence>& trace,
                                                           Phase phase) {
  std::map<std::pair<std::int64_t, NodeId>, Consume> found;
  for (const Used& used : all<Used>(trace))
    if (used.consume.phase == phase) found[{used.consume.step, used.node}] = used.consume;
  return found;
}

/// How many gathers there were; each must give what its name draws.
int checked_gathers(const Json& json) {
  World world(with_random_groups(json));
  const auto trace = run_to_end(world.simulation);
  const auto gathered = quorums(trace, Phase::gather);
  int count = 0;
  for (const auto& [node, adopt] : all<Adopted>(trace)) {
    const auto found = gathered.find({adopt.step, node});
    if (found == gathered.end()) continue;
    ++count;
    const Occasion occasion{node, Phase::gather, adopt.step, Payload()};
    Payload memory;
    CHECK(adopt.model.values() ==
          contract(world.workload, vectors_of(found->second.heard), occasion, memory).values());
  }
  return count;
}

}  // namespace

TEST_CASE("a step descends by rate times the aggregate") {
  CHECK(descended(with(small_sgd(), "/optimizer", optimizer(0, "worker", 0))) == 1 - 0.5f * 3);
}

TEST_CASE("weight decay adds its multiple of the model") {
  CHECK(descended(with(small_sgd(), "/optimizer", optimizer(0, "worker", 0.25))) ==
        1 - 0.5f * (3 + 0.25f * 1));
}

TEST_CASE("the rate is that of the step") {
  Json json = small_sgd();
  json["optimizer"] = {
      {"rate",
       {{"name", "step"}, {"parameters", {{"initial", 0.5}, {"every", 10}, {"factor", 0.5}}}}}};
  const World world(json);
  const auto at = [&](std::int64_t step) {
    return world.workload->descend(constant(1), constant(4).values(), step).at(0);
  };
  CHECK(at(9) == 1 - 0.5f * 4);
  CHECK(at(10) == 1 - 0.25f * 4);
}

TEST_CASE("momentum at a server mixes its aggregates") {
  const Json json = with(small_sgd(), "/optimizer", optimizer(0.5, "server", 0));
  Payload momentum;
  CHECK(descended(json, momentum) == 1 - 0.5f * 1.5f);   // 0.5 * 0 + 0.5 * 3
  CHECK(descended(json, momentum) == 1 - 0.5f * 2.25f);  // 0.5 * 1.5 + 0.5 * 3
}

// PyTorch's SGD with nesterov goes along g + beta b, b <- beta b + g. Here m = (1 - beta) b, and
// the direction is (1 - beta) times as long: beta m + (1 - beta) g.
TEST_CASE("Nesterov at a server looks ahead along its momentum") {
  Payload momentum;
  // b = 3, then 0.5 * 3 + 3 = 4.5; the directions 0.5 (3 + 0.5 b).
  CHECK(descended(nesterov("server"), momentum) == 1 - 0.5f * (0.5f * (3 + 0.5f * 3)));
  CHECK(momentum.values().at(20) == 0.5f * 3);
  CHECK(descended(nesterov("server"), momentum) == 1 - 0.5f * (0.5f * (3 + 0.5f * 4.5f)));
  CHECK(momentum.values().at(20) == 0.5f * 4.5f);
}

TEST_CASE("Nesterov at a worker sends what lies ahead of its momentum") {
  const World world(nesterov("worker"));
  const std::vector<float>& model = world.workload->initial_model(0).values();
  const std::vector<float> g0 = world.workload->gradient(1, 0, model);
  const std::vector<float> g1 = world.workload->gradient(1, 1, model);
  Payload momentum;
  gradient_of(world, 0, momentum);
  const Payload sent = gradient_of(world, 1, momentum);
  std::vector<float> expected = g1;
  for (std::size_t c = 0; c < expected.size(); ++c) {
    const float b = 0.5f * g0[c] + g1[c];
    expected[c] = 0.5f * (g1[c] + 0.5f * b);
  }
  CHECK(near(sent.values(), expected));
}

TEST_CASE("Nesterov at workers leaves the servers their aggregates") {
  CHECK(descended(nesterov("worker")) == 1 - 0.5f * 3);
}

TEST_CASE("momentum at workers leaves the servers none") {
  const Json json = with(small_sgd(), "/optimizer", optimizer(0.5, "worker", 0));
  Payload momentum = constant(7);
  CHECK(descended(json, momentum) == 1 - 0.5f * 3);
}

TEST_CASE("momentum at a worker mixes its gradients") {
  const World world(with(small_sgd(), "/optimizer", optimizer(0.75, "worker", 0)));
  const auto& workload = world.workload;
  const Payload& model = workload->initial_model(0);
  Payload momentum;
  const Payload first = gradient_of(world, 0, momentum);
  const Payload second = gradient_of(world, 1, momentum);
  std::vector<float> expected_first = workload->gradient(1, 0, model.values());
  for (float& value : expected_first) value *= 0.25f;
  CHECK(near(first.values(), expected_first));
  std::vector<float> expected_second = workload->gradient(1, 1, model.values());
  for (std::size_t c = 0; c < expected_second.size(); ++c)
    expected_second[c] = 0.75f * expected_first[c] + 0.25f * expected_second[c];
  CHECK(near(second.values(), expected_second));
}

TEST_CASE("without momentum a gradient builds on no earlier one") {
  const World world(small_sgd());
  const Payload& model = world.workload->initial_model(0);
  Payload none, another = constant(7);
  const Payload alone = gradient_of(world, 3, none);
  const Payload after_another = gradient_of(world, 3, another);
  CHECK(alone.values() == after_another.values());
  CHECK(alone.values() == world.workload->gradient(1, 3, model.values()));
}

TEST_CASE("a gradient is named by worker and step") {
  const World world(small_sgd());
  const std::vector<float>& model = world.workload->initial_model(0).values();
  const std::vector<float> gradient = world.workload->gradient(1, 3, model);
  CHECK(world.workload->gradient(1, 3, model) == gradient);
  CHECK(world.workload->gradient(2, 3, model) != gradient);
  CHECK(world.workload->gradient(1, 4, model) != gradient);
}

TEST_CASE("honest workers share the examples out and a Byzantine one knows them all") {
  const World world(small_attacked_byzsgd());
  const std::size_t total = world.workload->dataset().train.count();
  std::vector<std::set<std::uint32_t>> drawn(7);
  for (std::size_t worker = 0; worker < drawn.size(); ++worker) {
    Stream stream(1, Purpose::batch, worker, 0);
    for (int i = 0; i < 2000; ++i)
      drawn[worker].insert(world.workload->draw_example(static_cast<std::int64_t>(worker), stream));
  }
  std::set<std::uint32_t> all;
  std::size_t sum = 0;
  for (std::size_t worker = 0; worker < 5; ++worker) {
    all.insert(drawn[worker].begin(), drawn[worker].end());
    sum += drawn[worker].size();
  }
  CHECK(sum == total);  // disjoint
  CHECK(all.size() == total);
  CHECK(drawn[5].size() == total);
  CHECK(drawn[6].size() == total);
}

TEST_CASE("a workload takes data over that were made of the same") {
  const World world(small_byzsgd());
  const auto& made = world.workload->made_dataset();
  const Scenario other = read(with(small_byzsgd(), "/optimizer/momentum", 0.5));
  CHECK(Workload(other, world.executor, "", false, made).made_dataset() == made);
}

TEST_CASE("a workload makes its own data where the data set or the seed is another") {
  const World world(small_sgd());
  const auto& made = world.workload->made_dataset();
  for (const auto& [pointer, value] : std::map<std::string, Json>{
           {"/seed", 8}, {"/data/parameters/train", 61}, {"/data", "glyphs"}}) {
    CAPTURE(pointer);
    const Scenario other = read(with(small_sgd(), pointer, value));
    const Workload sharing(other, world.executor, "", false, made);
    const Workload alone(other, world.executor, "");
    CHECK(sharing.data_digest() == alone.data_digest());
    CHECK(sharing.data_digest() != world.workload->data_digest());
  }
  const Scenario blank = read(with(with(small_sgd(), "/numbers", "none"), "/dimension", 3));
  CHECK(Workload(blank, world.executor, "", false, made).data_digest() == 0);
}

TEST_CASE("models are aggregated alike on all threads and on one") {
  const World world(small_byzsgd(), 3);
  const std::vector<Payload> models = {constant(5), constant(1), constant(2), constant(30)};
  const std::vector<float> median(21, 3.5f);  // between 2 and 5
  const Occasion occasion{{Role::server, 0}, Phase::gather, 1, Payload()};
  CHECK(world.workload->aggregate_models(models, occasion) == median);
  CHECK(world.workload->aggregate_models_here(models, occasion) == median);
}

TEST_CASE("a run that cannot fit into memory is refused before it is made") {
  // 10^7 examples of 10^6 features in four bytes each: 37 TiB.
  const Json huge = {{"name", "blobs"}, {"parameters", {{"dimension", 1e6}, {"train", 1e7}}}};
  CHECK_THROWS_AS(World(with(small_sgd(), "/data", huge)), InputError);
}

TEST_CASE("a Byzantine worker that flips labels takes class c of 3 for class 2 - c") {
  const World world(with(small_attacked_byzsgd(), "/workers/batch_size", 16));
  const Workload flipping(world.scenario, world.executor, source_directory(), true);
  // Where all parameters are 0 each class has probability 1/3, and the derivatives of the biases,
  // the last three parameters, are 1/3 less the share of their class among the labels.
  const std::vector<float> zeros(21);
  const std::vector<float> plain = world.workload->gradient(6, 0, zeros);  // 5 and 6 are Byzantine
  const std::vector<float> flipped = flipping.gradient(6, 0, zeros);
  CHECK(plain[18] != plain[20]);
  for (const std::size_t c : {0, 1, 2}) CHECK(flipped[18 + c] == plain[18 + 2 - c]);
  CHECK(flipping.gradient(0, 0, zeros) == world.workload->gradient(0, 0, zeros));
}

TEST_CASE("a gather draws by the step whose model it makes") {
  CHECK(checked_gathers(small_byzsgd()) == 3 * 7);  // after every second of 6 steps
  CHECK(checked_gathers(small_learn(true)) == 6 * 7);
}

TEST_CASE("a worker draws by the step whose models it aggregates") {
  World world(with_random_groups(small_byzsgd()));
  const auto trace = run_to_end(world.simulation);
  const auto pulled = quorums(trace, Phase::model);
  int count = 0;
  for (const Sent& sent : all<Sent>(trace)) {
    if (sent.key.phase != Phase::gradient) continue;
    ++count;
    const std::int64_t step = sent.key.step;
    const Occasion occasion{sent.node, Phase::model, step, Payload()};
    Payload momentum, memory;
    const Payload point =
        point_of(world.workload, vectors_of(pulled.at({step, sent.node}).heard), occasion, memory);
    CHECK(sent.vector.values() ==
          gradient_at(world.workload, sent.node.index, step, point, momentum).values());
  }
  CHECK(count == 6 * 7);
}

}  // namespace byzsim::workload_test
