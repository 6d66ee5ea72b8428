// Asynchronous federated training with one trusted server: clients train at their own pace, and the
// server moves once a buffer of their answers is full (FedBuff); with a buffer of one it is
// FedAsync or, with gradients, asynchronous SGD.
#include <fmt/format.h>

#include "core/rules/rule.h"
#include "sim/nodes/async_worker.h"
#include "sim/nodes/damping.h"
#include "sim/nodes/fedbuff_server.h"
#include "sim/protocols/async_conditions.h"
#include "sim/protocols/protocol.h"
#include "sim/protocols/quorum_conditions.h"
#include "sim/scenario/participants.h"

namespace byzsim::protocols_list {
namespace {

constexpr const char* kBuffer = "/protocol/parameters/buffer";
constexpr const char* kAtOnce = "/workers/participation";

std::int64_t buffer_of(const Scenario& scenario) {
  return scenario.protocol.parameters.integer("buffer");
}

std::int64_t tolerated_in_buffer(const Scenario& scenario) {
  return scenario.protocol.parameters.integer("tolerated");
}

std::int64_t at_once(const Scenario& scenario) {
  return participations()
      .at(scenario.participation.name)
      .most(scenario.participation.parameters, scenario.workers.count);
}

void resolve_fedbuff(Scenario& scenario) {
  if (scenario.protocol.parameters.is_word("tolerated"))
    scenario.protocol.parameters.set("tolerated", scenario.workers.byzantine.declared);
  if (!scenario.servers.quorum) scenario.servers.quorum = 1;
  // Whatever was written there: a scenario with another buffer has another quorum.
  scenario.workers.quorum = buffer_of(scenario);
}

void check_at_once(const Scenario& scenario, Issues& issues) {
  if (!draws_participants(scenario)) return;
  const std::string& how = scenario.participation.name;
  if (how != "count" && how != "share")
    issues.push_back({kAtOnce,
                      fmt::format("{} draws another number in each round, and fedbuff has as many "
                                  "clients train all the time",
                                  how),
                      "use count or share"});
  else if (scenario.participation.parameters.flag("replacement"))
    issues.push_back({std::string(kAtOnce) + "/parameters/replacement",
                      "a client trains once at a time", "leave it out"});
  if (scenario.rushing && at_once(scenario) <= scenario.workers.byzantine.actual)
    issues.push_back({"/adversary/rushing",
                      "all clients that train may be Byzantine, and each would wait for honest "
                      "ones indefinitely",
                      "leave it out, or have more clients train at once"});
}

void check_rule_of_buffer(const Scenario& scenario, Issues& issues) {
  const std::int64_t buffer = buffer_of(scenario);
  const Group& workers = scenario.workers;
  if (buffer > 1 && rules().at(workers.aggregator.name).needs_reference) {
    issues.push_back({"/workers/aggregator",
                      fmt::format("{} compares gradients with the server's own, and fedbuff has "
                                  "none",
                                  workers.aggregator.name),
                      "use another rule, or the protocol fedavg with \"sends\": \"gradients\""});
    return;
  }
  if (buffer == 1 || check_needs_of_rule("/workers", workers, {}, issues)) return;
  const std::int64_t most = rules().at(workers.aggregator.name).most_vectors;
  const std::int64_t declared = workers.byzantine.declared;
  if (!scenario.unsafe && tolerated_in_buffer(scenario) < declared) {
    issues.push_back(
        {"/protocol/parameters/tolerated",
         fmt::format("a buffer may have vectors of all {} declared Byzantine workers, and the rule "
                     "assumes {}",
                     declared, tolerated_in_buffer(scenario)),
         fmt::format("use {}, or set \"unsafe\": true to permit this", declared)});
    return;
  }
  Aggregation aggregation = aggregation_of(workers);
  aggregation.f = static_cast<int>(tolerated_in_buffer(scenario));
  if (buffer > most)
    issues.push_back({kBuffer,
                      fmt::format("{} takes at most {} vectors, and the buffer has {}",
                                  workers.aggregator.name, most, buffer),
                      "use a smaller buffer or another rule"});
  else if (const auto broken = broken_condition(aggregation, buffer, scenario.unsafe))
    issues.push_back({"/workers/aggregator",
                      fmt::format("{}, which is the size of the buffer", *broken),
                      "use a larger buffer or another rule, or tolerate fewer"});
}

void check_fedbuff(const Scenario& scenario, Issues& issues) {
  const std::size_t before = issues.size();
  check_async_conditions(scenario, buffer_of(scenario), "the size of the buffer", issues);
  check_at_once(scenario, issues);
  if (issues.size() == before) check_rule_of_buffer(scenario, issues);
}

FedbuffSettings settings_of_fedbuff(const Scenario& scenario) {
  const Parameters& parameters = scenario.protocol.parameters;
  FedbuffSettings settings;
  settings.sent = *from_word<Contribution>(parameters.word("sends"));
  settings.tolerated = tolerated_in_buffer(scenario);
  settings.buffer = static_cast<std::size_t>(parameters.integer("buffer"));
  if (draws_participants(scenario)) settings.at_once = at_once(scenario);
  return settings;
}

std::unique_ptr<Node> make_node_fedbuff(const std::shared_ptr<const Workload>& workload,
                                        NodeId id) {
  const FedbuffSettings settings = settings_of_fedbuff(workload->scenario());
  if (id.role == Role::worker) return std::make_unique<AsyncWorker>(workload, id, settings.sent);
  return std::make_unique<FedbuffServer>(workload, id, settings);
}

std::vector<Parameter> parameters_of_fedbuff() {
  std::vector<Parameter> parameters = {
      integer("buffer", 10, 1, double(kMostNodes),
              "K: answers that move the model; with 1 each moves it at once, without a rule"),
      integer("tolerated", 0, 0, double(kMostNodes),
              "Byzantine vectors that the rule assumes in a buffer; auto: the declared number")
          .or_default_word("auto"),
      word("sends", {"updates", "models", "gradients"},
           "what a client sends: its model minus the one that it was given, its model, which the "
           "server compares with its own on arrival, or the sum of the gradients of its local "
           "steps, along which the server descends")};
  for (Parameter& each : damping_parameters()) parameters.push_back(std::move(each));
  return parameters;
}

}  // namespace

Protocol fedbuff() {
  return {.declaration =
              {"fedbuff",
               "federated and asynchronous, one trusted server: a rule aggregates K answers of "
               "clients, damped by their staleness, once the buffer is full",
               "FedBuff (Nguyen et al., AISTATS 2022) and, with a buffer of one, FedAsync (Xie et "
               "al., 2019), as we understand them",
               parameters_of_fedbuff()},
          .resolve = resolve_fedbuff,
          .check = check_fedbuff,
          .make_node = make_node_fedbuff,
          .fixed_quorums = false,
          .in_step = false,
          .draws_workers = true,
          .optimizes_at_server = true,
          .compresses = true};
}

}  // namespace byzsim::protocols_list
