// Fed-MS: what a round computes, in doubles by its formula, and what stops neither clients nor
// servers.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "sim/scenario/participants.h"
#include "tests/catch.h"
#include "tests/sim/async_scenarios.h"

namespace byzsim::fed_ms_test {
namespace {

using Vector = std::vector<double>;

/// Five honest servers, all of which every client hears, and the learning rate 0.1.
Json all_honest(const std::string& idle) {
  Json json = small_fed_ms();
  json["protocol"]["parameters"]["idle"] = idle;
  json["servers"] = {{"count", 5},
                     {"byzantine", {{"declared", 1}, {"actual", 0}}},
                     {"quorum", 5},
                     {"aggregator", "trimmed_mean"}};
  json["steps"] = 3;
  json["unsafe"] = true;  // a quorum of all servers
  return json;
}

/// What a client sends after its two local steps from there.
Vector trained(const World& world, std::int64_t client, std::int64_t round, const Vector& start) {
  std::vector<float> local(start.begin(), start.end());
  for (std::int64_t k = 0; k < 2; ++k) {
    const std::vector<float> gradient = world.workload->gradient(client, 2 * round + k, local);
    for (std::size_t c = 0; c < local.size(); ++c)
      local[c] = static_cast<float>(double(local[c]) - 0.1 * double(gradient[c]));
  }
  return Vector(local.begin(), local.end());
}

/// The mean of the models of the clients that draw a server; empty where none does.
Vector mean_at(const World& world, std::uint32_t server, std::int64_t round, const Vector& start) {
  Vector sum;
  double count = 0;
  for (std::uint32_t client = 0; client < 8; ++client) {
    if (server_drawn_by(world.scenario, client, round) != server) continue;
    const Vector model = trained(world, client, round, start);
    sum.resize(model.size());
    for (std::size_t c = 0; c < sum.size(); ++c) sum[c] += model[c];
    ++count;
  }
  for (double& each : sum) each /= count;
  return sum;
}

/// Of five vectors, per coordinate the mean without the lowest and the highest.
Vector trimmed_mean_of(const std::vector<Vector>& models) {
  Vector mean;
  for (std::size_t c = 0; c < models.front().size(); ++c) {
    Vector column;
    for (const Vector& model : models) column.push_back(model[c]);
    std::sort(column.begin(), column.end());
    mean.push_back((column[1] + column[2] + column[3]) / 3);
  }
  return mean;
}

/// The models that servers adopt, by step.
std::map<std::int64_t, std::vector<std::vector<float>>> adopted(World& world) {
  std::map<std::int64_t, std::vector<std::vector<float>>> models;
  for (const Occurrence& each : run_to_end(world.simulation))
    for (const Adopt& adopt : adopted_in(each)) models[adopt.step].push_back(adopt.model.values());
  return models;
}

bool ends(const Json& json) {
  World world(json);
  run_to_end(world.simulation);
  return world.simulation.trained();
}

}  // namespace

TEST_CASE("clients begin at the trimmed mean of the servers' means of what was sent to them") {
  for (const std::string idle : {"keep", "zeros"}) {
    World world(all_honest(idle));
    const std::vector<float>& initial = world.workload->initial_model(0).values();
    const auto models = adopted(world);
    Vector start(initial.begin(), initial.end());
    std::vector<Vector> servers(5, start);
    int idle_servers = 0;
    for (std::int64_t round = 0; round < 3; ++round) {
      for (std::uint32_t server = 0; server < 5; ++server) {
        const Vector mean = mean_at(world, server, round, start);
        idle_servers += mean.empty();
        if (!mean.empty())
          servers[server] = mean;
        else if (idle == "zeros")
          servers[server].assign(start.size(), 0.0);
      }
      start = trimmed_mean_of(servers);
      REQUIRE(models.at(round + 1).size() == 5);
      for (const std::vector<float>& model : models.at(round + 1))
        for (std::size_t c = 0; c < start.size(); ++c) {
          CAPTURE(idle, round, c);
          CHECK(model[c] == Approx(start[c]).margin(1e-5));
        }
    }
    CHECK(idle_servers > 0);
  }
}

TEST_CASE("a client draws its server uniformly, in each round and apart from other clients") {
  const Scenario scenario = read(small_fed_ms());
  std::vector<int> times(5);
  int same = 0;
  for (std::int64_t round = 0; round < 4000; ++round) {
    const std::uint32_t server = server_drawn_by(scenario, 3, round);
    ++times.at(server);
    same += server == server_drawn_by(scenario, 4, round);
  }
  // 800 expected of each, with a standard deviation of 25.3: five of them.
  for (const int each : times) CHECK(std::abs(each - 800) < 127);
  CHECK(std::abs(same - 800) < 127);
}

TEST_CASE("a round takes a model to each client, one from each, and those between servers") {
  // 6 rounds of 5 * 8 models, 8 answers and 5 * 4 models between servers.
  CHECK(totals_of(small_fed_ms()).messages == 6 * (5 * 8 + 8 + 5 * 4));
}

TEST_CASE("a Byzantine server moves no honest model of Fed-MS beyond the others") {
  Json json = small_fed_ms();
  json["steps"] = 40;
  json["adversary"]["servers"] = "infinity";
  CHECK(final_accuracy(json) > 0.8);
  json["servers"]["aggregator"] = "average";
  CHECK_FALSE(final_accuracy(json) > 0.8);
}

TEST_CASE("a silent server stops no client of Fed-MS") {
  Json json = small_fed_ms();
  json["adversary"]["servers"] = "silent";
  CHECK(ends(json));
}

TEST_CASE("a silent client stops the servers of Fed-MS unless they have a deadline") {
  Json json = small_fed_ms();
  json["workers"]["byzantine"] = 1;
  json["adversary"]["workers"] = "silent";
  CHECK_FALSE(ends(json));
  json["protocol"]["parameters"]["deadline"] = "200 ms";
  CHECK(ends(json));
}

TEST_CASE("servers of Fed-MS that wait for fewer clients take these") {
  Json json = small_fed_ms();
  json["workers"]["quorum"] = 1;
  World world(json);
  for (const Occurrence& each : run_to_end(world.simulation))
    for (const Deed& deed : each.deeds)
      if (const auto* used = std::get_if<Used>(&deed); used != nullptr)
        if (used->consume.phase == Phase::gradient) CHECK(used->consume.heard.size() == 1);
  CHECK(world.simulation.trained());
}

TEST_CASE("what Fed-MS cannot do is refused where it stands") {
  Json json = small_fed_ms();
  json["optimizer"]["momentum"] = 0.9;
  CHECK(places_of_issues(json) == std::vector<std::string>{"/optimizer/momentum"});
  json = small_fed_ms();
  json["servers"]["byzantine"] = 2;
  CHECK(places_of_issues(json) == std::vector<std::string>{"/servers/count"});
  json = small_fed_ms();
  json["servers"]["quorum"] = 5;
  CHECK(places_of_issues(json) == std::vector<std::string>{"/servers/quorum"});
}

}  // namespace byzsim::fed_ms_test
