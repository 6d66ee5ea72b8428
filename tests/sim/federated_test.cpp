// Federated training: local steps, drawn clients, and the protocols fedavg and fedbuff. Equalities
// with the protocols that they contain are to the bit; what a round computes is compared with the
// formulas in doubles.
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "core/local_works/batch_order.h"
#include "core/participations/participation.h"
#include "sim/nodes/local_training.h"
#include "sim/scenario/participants.h"
#include "tests/catch.h"
#include "tests/sim/async_scenarios.h"

namespace byzsim::federated_test {
namespace {

template <class Kind>
std::vector<Kind> all_of(const std::vector<Occurrence>& trace) {
  std::vector<Kind> all;
  for (const Occurrence& each : trace)
    for (const Deed& deed : each.deeds)
      if (const auto* found = std::get_if<Kind>(&deed)) all.push_back(*found);
  return all;
}

/// Ten clients of one server on the blobs of small_sgd.
Json small_fedavg(const std::string& sends) {
  Json json = small_sgd();
  json["name"] = "small-fedavg";
  json["steps"] = 6;
  json["protocol"] = {{"name", "fedavg"}, {"parameters", {{"sends", sends}}}};
  json["workers"] = {{"count", 10}, {"aggregator", "average"}, {"batch_size", 4}};
  return json;
}

Json drawn(Json json, std::int64_t count) {
  json["workers"]["participation"] = {{"name", "count"}, {"parameters", {{"count", count}}}};
  return json;
}

/// The server's model at the beginning of each step.
std::vector<std::vector<float>> models_of(World& world) {
  std::vector<std::vector<float>> models;
  for (const Adopted& adopted : all_of<Adopted>(run_to_end(world.simulation)))
    models.push_back(adopted.adopt.model.values());
  return models;
}
std::vector<std::vector<float>> models_of(const Json& json) {
  World world(json);
  return models_of(world);
}

/// The models of FedAvg by its formula: the mean of the clients' updates.
std::vector<double> averaged(const World& world, const std::vector<float>& model, std::int64_t step,
                             std::int64_t local_steps) {
  const Workload& workload = *world.workload;
  const std::vector<Participant> clients = participants_at(world.scenario, step);
  std::vector<double> next(model.begin(), model.end());
  for (const Participant& each : clients) {
    // Without earlier rounds of that client: the tests look at the first one.
    std::vector<float> local = model;
    for (std::int64_t k = 0; k < local_steps; ++k) {
      const std::vector<float> gradient = workload.gradient(each.client, k, local);
      for (std::size_t c = 0; c < local.size(); ++c)
        local[c] = static_cast<float>(double(local[c]) - 0.1 * double(gradient[c]));
    }
    for (std::size_t c = 0; c < local.size(); ++c)
      next[c] += (double(local[c]) - double(model[c])) / static_cast<double>(clients.size());
  }
  return next;
}

}  // namespace

TEST_CASE("fedavg with one local step of all clients that send gradients is sgd to the bit") {
  for (const std::string rule : {"average", "median", "krum", "mda"})
    for (const double momentum : {0.0, 0.9})
      for (const std::string at : {"worker", "server"}) {
        CAPTURE(rule, momentum, at);
        Json json = small_fedavg("gradients");
        json["optimizer"] = {{"momentum", momentum}, {"momentum_at", at}, {"weight_decay", 0.01}};
        json["workers"]["byzantine"] = 2;
        json["workers"]["aggregator"] = rule;
        json["adversary"] = {{"workers", "a_little_is_enough"}, {"rushing", "all"}};
        CHECK(models_of(json) == models_of(with(json, "/protocol", "sgd")));
      }
}

TEST_CASE("fedbuff with a buffer of one and no damping is async_sgd to the bit") {
  const Json json = flooded_async("async_sgd");
  const Json parameters = {{"sends", "gradients"}, {"buffer", 1}};
  CHECK(models_of(with(json, "/protocol", {{"name", "fedbuff"}, {"parameters", parameters}})) ==
        models_of(json));
}

TEST_CASE("a round of fedavg adds the mean update of the drawn clients") {
  for (const std::string sends : {"updates", "models", "gradients"}) {
    CAPTURE(sends);
    Json json = drawn(small_fedavg(sends), 4);
    json["workers"]["local_steps"] = 3;
    World world(json);
    const auto models = models_of(world);
    const std::vector<double> expected = averaged(world, models.at(0), 0, 3);
    for (std::size_t c = 0; c < expected.size(); ++c)
      CHECK(models.at(1)[c] == Approx(expected[c]).margin(1e-6));
  }
}

TEST_CASE("FedProx pulls local steps back to where they began") {
  Json json = small_fedavg("models");
  json["workers"]["local_steps"] = 3;
  json["workers"]["proximal"] = 2.5;
  const World world(json);
  const std::vector<float>& start = world.workload->initial_model(0).values();
  std::vector<double> local(start.begin(), start.end());
  for (int k = 0; k < 3; ++k) {
    const std::vector<float> at(local.begin(), local.end());
    const std::vector<float> gradient = world.workload->gradient(1, k, at);
    for (std::size_t c = 0; c < local.size(); ++c)
      local[c] -= 0.1 * (double(gradient[c]) + 2.5 * (local[c] - double(start[c])));
  }
  const std::vector<float> trained =
      trained_from(*world.workload, {1, 0, 0, 3}, start, Contribution::models);
  for (std::size_t c = 0; c < local.size(); ++c) CHECK(trained[c] == Approx(local[c]).margin(1e-6));
}

TEST_CASE("drawn clients are distinct, as many as asked for, and uniform") {
  Stream stream(1, Purpose::participation, 0, 0);
  std::vector<int> drawn_times(20);
  for (int round = 0; round < 4000; ++round) {
    const auto clients = drawn_clients(5, false, 20, stream);
    REQUIRE(clients.size() == 5);
    for (std::size_t i = 0; i < 5; ++i) {
      REQUIRE((i == 0 || clients[i - 1].client < clients[i].client));
      ++drawn_times[clients[i].client];
    }
  }
  // 1,000 expected of each, with a standard deviation of 27: five of them.
  for (const int times : drawn_times) CHECK(std::abs(times - 1000) < 137);
}

TEST_CASE("with replacement a client may be drawn several times") {
  Stream stream(2, Purpose::participation, 0, 0);
  std::int64_t drawn = 0, most = 0;
  for (const Participant& each : drawn_clients(30, true, 10, stream)) {
    drawn += each.times;
    most = std::max(most, each.times);
  }
  CHECK(drawn == 30);
  CHECK(most > 1);
}

TEST_CASE("each client takes part with its own probability") {
  const ParticipationEntry& independent = participations().at("independent");
  const Parameters parameters({{"probability", 0.3}});
  std::vector<int> times(10);
  for (std::uint64_t round = 0; round < 5000; ++round)
    for (const Participant& each :
         independent.draw(parameters, 10, Stream(3, Purpose::participation, 0, round)))
      ++times[each.client];
  // 1,500 expected of each, with a standard deviation of 32.4: five of them.
  for (const int each : times) CHECK(std::abs(each - 1500) < 162);
  const Parameters certain({{"probability", 1.0}});
  CHECK(independent.draw(certain, 10, Stream(3, Purpose::participation, 0, 0)).size() == 10);
}

TEST_CASE("a pass goes through all examples once, and its last batch may be smaller") {
  for (const std::uint64_t pass : {0, 1, 7}) {
    std::set<std::uint32_t> seen;
    for (std::uint64_t batch = 0; batch < 4; ++batch) {
      const auto places = places_of_batch(10, 3, pass * 4 + batch, {5, 2});
      CHECK(places.size() == (batch == 3 ? 1 : 3));
      seen.insert(places.begin(), places.end());
    }
    CHECK(seen.size() == 10);
  }
  CHECK(places_of_batch(10, 10, 0, {5, 2}) != places_of_batch(10, 10, 1, {5, 2}));
}

TEST_CASE("a client that was drawn twice counts twice") {
  Json json = small_fedavg("updates");
  json["steps"] = 1;
  json["workers"]["participation"] = {{"name", "count"},
                                      {"parameters", {{"count", 12}, {"replacement", true}}}};
  World world(json);
  const auto models = models_of(world);
  const std::vector<float>& start = models.at(0);
  std::vector<double> expected(start.begin(), start.end());
  for (const Participant& each : participants_at(world.scenario, 0)) {
    const std::vector<float> update =
        trained_from(*world.workload, {each.client, 0, 0, 1}, start, Contribution::updates);
    for (std::size_t c = 0; c < start.size(); ++c)
      expected[c] += double(update[c]) * double(each.times) / 12;
  }
  for (std::size_t c = 0; c < expected.size(); ++c)
    CHECK(models.at(1)[c] == Approx(expected[c]).margin(1e-6));
}

TEST_CASE("weights by examples are those of the shares") {
  Json json = small_fedavg("updates");
  json["steps"] = 1;
  json["protocol"]["parameters"]["weights"] = "examples";
  json["partition"] = {{"name", "dirichlet_niid"}, {"parameters", {{"alpha", 1}, {"least", 1}}}};
  World world(json);
  const auto models = models_of(world);
  const std::vector<float>& start = models.at(0);
  std::vector<double> expected(start.begin(), start.end());
  double all = 0;
  for (std::int64_t i = 0; i < 10; ++i) all += double(world.workload->examples_of(i));
  for (std::int64_t i = 0; i < 10; ++i) {
    const std::vector<float> update =
        trained_from(*world.workload, {i, 0, 0, 1}, start, Contribution::updates);
    for (std::size_t c = 0; c < start.size(); ++c)
      expected[c] += double(update[c]) * double(world.workload->examples_of(i)) / all;
  }
  for (std::size_t c = 0; c < expected.size(); ++c)
    CHECK(models.at(1)[c] == Approx(expected[c]).margin(1e-6));
}

TEST_CASE("cached vectors of absent clients count in every round") {
  Json json = drawn(small_fedavg("gradients"), 3);
  json["steps"] = 2;
  json["protocol"]["parameters"]["absentees"] = "cached";
  World world(json);
  const auto models = models_of(world);
  std::vector<std::vector<float>> latest(10, std::vector<float>(models.at(0).size()));
  std::vector<std::int64_t> batches(10);
  for (std::int64_t step = 0; step < 2; ++step) {
    const std::vector<float>& model = models.at(static_cast<std::size_t>(step));
    for (const Participant& each : participants_at(world.scenario, step))
      latest[each.client] = world.workload->gradient(each.client, batches[each.client]++, model);
    for (std::size_t c = 0; c < model.size(); ++c) {
      double mean = 0;
      for (const auto& vector : latest) mean += double(vector[c]) / 10;
      CHECK(models.at(static_cast<std::size_t>(step) + 1)[c] ==
            Approx(double(model[c]) - 0.1 * mean).margin(1e-6));
    }
  }
}

TEST_CASE("cached vectors alone move the model in a round in which no client takes part") {
  Json json = small_fedavg("gradients");
  json["steps"] = 20;
  json["protocol"]["parameters"]["absentees"] = "cached";
  json["workers"]["participation"] = {{"name", "independent"},
                                      {"parameters", {{"probability", 0.1}}}};
  World world(json);
  const auto models = models_of(world);
  std::size_t empty_rounds = 0;
  for (std::size_t step = 1; step < 20; ++step) {
    if (!participants_at(world.scenario, static_cast<std::int64_t>(step)).empty()) continue;
    ++empty_rounds;
    // What is cached is as in the round before, and so is the step along it.
    for (std::size_t c = 0; c < models[step].size(); ++c)
      CHECK(models[step + 1][c] - models[step][c] ==
            Approx(models[step][c] - models[step - 1][c]).margin(1e-6));
  }
  // Each round has no client with probability 0.9^10, about a third.
  CHECK(empty_rounds > 0);
  CHECK(models.back() != models.front());
}

TEST_CASE("local steps take the time of as many gradients") {
  Json json = steady(small_fedavg("updates"));
  json["compute"] = {{"gradient", {{"name", "constant"}, {"parameters", {{"value", "10 ms"}}}}}};
  json["steps"] = 1;
  json["workers"]["local_steps"] = 7;
  World world(json);
  run_to_end(world.simulation);
  // 1 ms there, 7 * 10 ms, 1 ms back, 1 ms of the aggregation.
  CHECK(world.simulation.now() == 73'000'000);
}

TEST_CASE("a deadline ends a round with the answers that came, perhaps none") {
  Json json = steady(small_fedavg("updates"));
  json["compute"] = {{"gradient", {{"name", "constant"}, {"parameters", {{"value", "10 ms"}}}}}};
  json["network"]["faults"] = {
      {{"name", "straggler"}, {"parameters", {{"nodes", "workers 5-9"}, {"factor", 10}}}}};
  json["protocol"]["parameters"]["deadline"] = "20 ms";
  World half(json);
  for (const Used& used : all_of<Used>(run_to_end(half.simulation)))
    if (used.consume.phase == Phase::gradient) CHECK(used.consume.heard.size() == 5);
  CHECK(half.simulation.now() >= 6 * 20'000'000);
  json["protocol"]["parameters"]["deadline"] = "5 ms";
  const auto models = models_of(json);
  CHECK(models.size() == 7);
  for (const auto& model : models) CHECK(model == models.front());
}

TEST_CASE("a rule assumes the most Byzantine vectors that come in a round") {
  Json json = drawn(small_fedavg("updates"), 6);
  json["workers"]["byzantine"] = 3;
  json["workers"]["aggregator"] = "median";
  json["unsafe"] = true;
  const Scenario scenario = read(json);
  std::int64_t most = 0;
  for (std::int64_t step = 0; step < scenario.steps; ++step) {
    std::int64_t byzantine = 0;
    for (const Participant& each : participants_at(scenario, step)) byzantine += each.client >= 7;
    most = std::max(most, byzantine);
  }
  CHECK(scenario.protocol.parameters.integer("tolerated") == most);
}

TEST_CASE("a Byzantine client that rushes waits for the honest ones of its round") {
  Json json = drawn(small_fedavg("updates"), 5);
  json["steps"] = 30;
  json["workers"]["byzantine"] = 2;
  json["workers"]["aggregator"] = "median";
  json["unsafe"] = true;
  json["adversary"] = {{"workers", "a_little_is_enough"}, {"rushing", "all"}};
  World world(json);
  run_to_end(world.simulation);
  CHECK(world.simulation.trained());
}

TEST_CASE("a million clients cost no more than those that are drawn") {
  Json json = drawn(small_fedavg("updates"), 20);
  json["workers"]["count"] = 1'000'000;
  json["partition"] = {{"name", "drawn"}, {"parameters", {{"examples", 8}, {"alpha", 1}}}};
  World world(json);
  run_to_end(world.simulation);
  CHECK(world.simulation.trained());
  // A model to each of 20 clients, its computation, its answer, and two events of the server.
  CHECK(world.simulation.totals().events == 6 * (3 * 20 + 1) + 1);
}

TEST_CASE("drawn shares depend on their worker alone") {
  Json json = small_fedavg("updates");
  json["partition"] = {{"name", "drawn"}, {"parameters", {{"examples", 30}, {"alpha", 0.1}}}};
  const World few(json), many(with(json, "/workers/count", 50));
  std::set<std::uint32_t> examples;
  for (std::size_t place = 0; place < 30; ++place) {
    CHECK(few.workload->example_of(3, place) == many.workload->example_of(3, place));
    examples.insert(few.workload->example_of(3, place));
  }
  CHECK(examples.size() > 1);
}

TEST_CASE("a server's optimizer moves the model by the update") {
  // Of FedAvgM with beta 0.9, first rounds: v = D, then v = 0.9 v + D.
  Json json = small_fedavg("updates");
  json["steps"] = 2;
  const auto plain = models_of(json);
  json["optimizer"]["server"] = {{"name", "momentum"}, {"parameters", {{"beta", 0.9}}}};
  World world(json);
  const auto moved = models_of(world);
  CHECK(moved.at(1) == plain.at(1));
  for (std::size_t c = 0; c < moved.at(2).size(); ++c) {
    const double first = double(moved.at(1)[c]) - double(moved.at(0)[c]);
    const double second = double(plain.at(2)[c]) - double(plain.at(1)[c]);
    CHECK(moved.at(2)[c] == Approx(double(moved.at(1)[c]) + 0.9 * first + second).margin(1e-6));
  }
}

TEST_CASE("the rule of a buffer assumes the declared number, or fewer on purpose") {
  Json json = small_fedavg("updates");
  json["workers"]["byzantine"] = 3;
  json["workers"]["aggregator"] = "trimmed_mean";
  json["protocol"] = {{"name", "fedbuff"}, {"parameters", {{"buffer", 7}}}};
  CHECK(read(json).protocol.parameters.integer("tolerated") == 3);
  json["protocol"]["parameters"]["tolerated"] = 1;
  CHECK_THAT(refusal_of(json), ContainsSubstring("/protocol/parameters/tolerated"));
  json["unsafe"] = true;
  CHECK(refusal_of(json) == "none");
}

TEST_CASE("a Byzantine client that rushes waits for honest ones that train at their own pace") {
  Json json = drawn(small_fedavg("updates"), 4);
  json["protocol"] = {{"name", "fedbuff"}, {"parameters", {{"buffer", 7}}}};
  json["workers"]["byzantine"] = 3;
  json["workers"]["aggregator"] = "median";
  json["adversary"] = {{"workers", "a_little_is_enough"}, {"rushing", "all"}};
  World world(json);
  run_to_end(world.simulation);
  CHECK(world.simulation.trained());
  // Three at once may all be Byzantine, of whom none would be the first to send.
  CHECK_THAT(refusal_of(with(json, "/workers/participation/parameters/count", 3)),
             ContainsSubstring("/adversary/rushing") &&
                 ContainsSubstring("have more clients train at once"));
}

TEST_CASE("a rule that compares with the server's gradient is refused where there is none") {
  for (const std::string rule : {"fltrust", "zeno"}) {
    CAPTURE(rule);
    Json json = small_fedavg("updates");
    json["servers"]["root_examples"] = 10;
    json["workers"]["aggregator"] = rule;
    CHECK_THAT(refusal_of(json), ContainsSubstring("/protocol/parameters/sends: " + rule) &&
                                     ContainsSubstring("use \"gradients\", or another rule"));
    CHECK(refusal_of(with(json, "/protocol/parameters/sends", "gradients")) == "none");
    json["protocol"] = {{"name", "fedbuff"}, {"parameters", {{"buffer", 7}}}};
    CHECK_THAT(refusal_of(json),
               ContainsSubstring("/workers/aggregator: " + rule) &&
                   ContainsSubstring("the protocol fedavg with \"sends\": \"gradients\""));
  }
}

TEST_CASE("a range of local steps with its ends exchanged is refused") {
  Json json = small_fedavg("updates");
  json["workers"]["local_steps"] = {{"name", "uniform"}, {"parameters", {{"least", 6}}}};
  // The default of most is 5.
  CHECK_THAT(refusal_of(json),
             ContainsSubstring("/workers/local_steps/parameters: least is 6 and most is 5"));
  json["workers"]["local_steps"]["parameters"]["most"] = 6;
  CHECK(refusal_of(json) == "none");
}

TEST_CASE("what federated training cannot do is refused where it stands") {
  CHECK_THAT(refusal_of(drawn(small_sgd(), 2)), ContainsSubstring("/workers/participation"));
  Json json = small_fedavg("models");
  json["optimizer"]["momentum"] = 0.5;
  CHECK_THAT(refusal_of(json), ContainsSubstring("/optimizer/momentum_at"));
  json = drawn(small_fedavg("updates"), 4);
  json["workers"]["byzantine"] = 3;
  json["workers"]["aggregator"] = "trimmed_mean";
  CHECK_THAT(refusal_of(json), ContainsSubstring("/workers/aggregator"));
  json = small_fedavg("updates");
  json["workers"]["participation"] = {{"name", "independent"},
                                      {"parameters", {{"probability", 0.01}}}};
  CHECK_THAT(refusal_of(json), ContainsSubstring("no client takes part in round 0"));
  json["protocol"] = "fedbuff";
  CHECK_THAT(refusal_of(json), ContainsSubstring("use count or share"));
  json = flooded_async("async_sgd");
  json["optimizer"]["server"] = "adam";
  CHECK_THAT(refusal_of(json), ContainsSubstring("/optimizer/server: async_sgd only descends"));
}

}  // namespace byzsim::federated_test
