// The nodes of synchronous ByzSGD one event at a time: what they answer to whom, and when they
// wait.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/nodes/sync_worker.h"
#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::sync_nodes_test {
namespace {

constexpr SyncSettings kGatherEveryTen = {.gather_period = 10, .timeout = 1000};

/// Five servers and seven workers, whose nodes are asked one by one.
World five_servers() {
  Json json = with(small_byzsgd(), "/steps", 40);
  json["protocol"] = {{"name", "byzsgd_sync"}, {"parameters", {{"gather_period", 10}}}};
  return World(json);
}

Message model_of(std::uint32_t server, std::int64_t step, float value) {
  return {.sender = {Role::server, server},
          .phase = Phase::model,
          .step = step,
          .vector = Payload(std::vector<float>(21, value))};
}

template <class Kind>
std::optional<Kind> first(const Actions& actions) {
  for (const Action& action : actions)
    if (const auto* found = std::get_if<Kind>(&action)) return *found;
  return std::nullopt;
}

/// The indices of the servers whose models a worker uses.
std::vector<std::uint32_t> used(const Actions& actions) {
  std::vector<std::uint32_t> servers;
  if (const auto consume = first<Consume>(actions))
    for (const Heard& heard : consume->heard) servers.push_back(heard.sender.index);
  return servers;
}

}  // namespace

TEST_CASE("a worker of byzsgd_sync uses the models of all servers in a step after a gather") {
  const World world = five_servers();
  SyncWorker worker(world.workload, {Role::worker, 0}, kGatherEveryTen);
  worker.on_start();
  for (const std::uint32_t server : {3u, 0u, 4u, 1u})
    CHECK(used(worker.on_message(model_of(server, 0, 1)).actions).empty());
  CHECK(used(worker.on_message(model_of(2, 0, 1)).actions) ==
        std::vector<std::uint32_t>{0, 1, 2, 3, 4});
}

TEST_CASE("a worker of byzsgd_sync mixes no models of different steps") {
  const World world = five_servers();
  SyncWorker worker(world.workload, {Role::worker, 0}, kGatherEveryTen);
  worker.on_start();
  worker.on_message(model_of(0, 0, 1));
  worker.on_message(model_of(1, 0, 1));
  // Server 2 is at step 10 already, after the next gather: all are asked for their models of it.
  const Reaction ahead = worker.on_message(model_of(2, 10, 2));
  CHECK(used(ahead.actions).empty());
  REQUIRE(first<Send>(ahead.actions).has_value());
  CHECK(first<Send>(ahead.actions)->step == 10);
  CHECK(first<Timer>(ahead.actions).has_value());
  CHECK(worker.step() == 10);
  CHECK(worker.on_message(model_of(3, 0, 1)).verdict == Verdict::stale);
  CHECK(worker.on_message(model_of(2, 10, 2)).verdict == Verdict::duplicate);
  for (const std::uint32_t server : {0u, 1u, 3u}) worker.on_message(model_of(server, 10, 2));
  CHECK(used(worker.on_message(model_of(4, 10, 2)).actions) ==
        std::vector<std::uint32_t>{0, 1, 2, 3, 4});
}

TEST_CASE("a server ahead takes a worker of byzsgd_sync along with its one model") {
  const World world = five_servers();
  SyncWorker worker(world.workload, {Role::worker, 0}, kGatherEveryTen);
  worker.on_start();
  for (std::uint32_t server = 0; server < 5; ++server) worker.on_message(model_of(server, 0, 1));
  worker.on_computed();
  REQUIRE(worker.step() == 1);
  CHECK(used(worker.on_message(model_of(2, 3, 2)).actions) == std::vector<std::uint32_t>{2});
  CHECK(worker.step() == 3);
}

TEST_CASE("a worker of byzsgd_sync asks all servers until it has accepted a model to judge by") {
  const World world = five_servers();
  SyncWorker worker(world.workload, {Role::worker, 0}, kGatherEveryTen);
  worker.on_start();
  CHECK(used(worker.on_message(model_of(2, 3, 2)).actions).empty());
  for (const std::uint32_t server : {0u, 1u, 3u}) worker.on_message(model_of(server, 3, 2));
  CHECK(used(worker.on_message(model_of(4, 3, 2)).actions) ==
        std::vector<std::uint32_t>{0, 1, 2, 3, 4});
  worker.on_computed();
  CHECK(worker.step() == 4);
}

TEST_CASE("a worker of byzsgd_sync that has waited long enough takes the first answer") {
  const World world = five_servers();
  SyncWorker worker(world.workload, {Role::worker, 0}, kGatherEveryTen);
  const auto timer = first<Timer>(worker.on_start());
  REQUIRE(timer.has_value());
  CHECK(worker.on_timer(timer->name).empty());  // nobody has answered
  CHECK(used(worker.on_message(model_of(4, 0, 1)).actions) == std::vector<std::uint32_t>{4});
}

TEST_CASE("a server of byzsgd_sync sends no model whose computation has not ended") {
  const World world = five_servers();
  SyncServer server(world.workload, {Role::server, 0}, {.gather_period = 1, .timeout = 1000});
  const auto pull = [&](std::int64_t step) {
    return first<Send>(
        server
            .on_message(
                {.sender = {Role::server, 1}, .phase = Phase::request, .step = step, .vector = {}})
            .actions);
  };
  server.on_start();
  for (std::uint32_t worker = 0; worker < 7; ++worker)
    server.on_message({.sender = {Role::worker, worker},
                       .phase = Phase::gradient,
                       .step = 0,
                       .vector = Payload(std::vector<float>(21, 1))});
  CHECK_FALSE(pull(1).has_value());  // it descends
  server.on_computed();
  const auto first_model = pull(1);
  REQUIRE(first_model.has_value());
  for (std::uint32_t other = 1; other < 5; ++other)
    server.on_message({.sender = {Role::server, other},
                       .phase = Phase::gather,
                       .step = 1,
                       .vector = Payload(std::vector<float>(21, 1))});
  server.on_computed();
  REQUIRE(server.step() == 1);
  for (std::uint32_t worker = 0; worker < 7; ++worker)
    server.on_message({.sender = {Role::worker, worker},
                       .phase = Phase::gradient,
                       .step = 1,
                       .vector = Payload(std::vector<float>(21, 1))});
  // It descends again: who asks for the model of step 1 is given that, not the next.
  REQUIRE(pull(1).has_value());
  CHECK(pull(1)->vector.same_as(first_model->vector));
}

}  // namespace byzsim::sync_nodes_test
