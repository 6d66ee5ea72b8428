// Federated averaging with several servers, some of them Byzantine (Fed-MS, as we understand it): a
// client sends its model to one server that it draws, and begins its next round where a rule takes
// the models of all servers, such as their trimmed mean.
#include <fmt/format.h>

#include "core/input/units.h"
#include "sim/nodes/fed_ms_server.h"
#include "sim/nodes/worker.h"
#include "sim/protocols/protocol.h"
#include "sim/protocols/quorum_conditions.h"

namespace byzsim::protocols_list {
namespace {

void resolve_fed_ms(Scenario& scenario) {
  Group &servers = scenario.servers, &workers = scenario.workers;
  if (!servers.quorum) servers.quorum = servers.count - servers.byzantine.declared;
  // Of the clients that drew it a server waits for all, however few.
  if (!workers.quorum) workers.quorum = workers.count;
}

void check_fed_ms(const Scenario& scenario, Issues& issues) {
  if (!scenario.unsafe) {
    const GroupCondition condition = {
        3, 1,
        "a client may miss f honest servers, and the others must outnumber the Byzantine ones", 1,
        "the honest models must be the majority of those that a client uses"};
    check_group_condition("Fed-MS", "/servers", "servers", condition, scenario.servers, issues);
  }
  check_quorum_and_rule("/servers", "servers", scenario.servers, scenario.unsafe, issues);
  check_quorum_and_rule("/workers", "workers", scenario.workers, scenario.unsafe, issues);
  if (scenario.momentum > 0)
    issues.push_back({"/optimizer/momentum",
                      "clients of fed_ms send their models, and its servers aggregate models: "
                      "neither has momentum",
                      "leave it out, or use the protocol fedavg"});
}

std::unique_ptr<Node> make_node_fed_ms(const std::shared_ptr<const Workload>& workload, NodeId id) {
  if (id.role == Role::worker)
    return std::make_unique<Worker>(workload, id, Contribution::models, Answered::drawn_server);
  const Parameters& parameters = workload->scenario().protocol.parameters;
  FedMsSettings settings;
  settings.idle = *from_word<IdleModel>(parameters.word("idle"));
  if (!parameters.is_word("deadline")) settings.deadline = parameters.duration_ns("deadline");
  return std::make_unique<FedMsServer>(workload, id, settings);
}

std::vector<Parameter> parameters_of_fed_ms() {
  return {
      word("idle", words_of<IdleModel>(),
           "the model of a server that no client drew, or of whose clients too few answered for "
           "the rule: the one that it had, or zeros, as in the public code of Fed-MS"),
      duration("deadline", kSecond, 1, kLongestDuration,
               "how long a server waits at most for the clients that drew it; without one, a "
               "client that never answers halts its server")
          .or_default_word("none")};
}

}  // namespace

Protocol fed_ms() {
  return {.declaration =
              {"fed_ms",
               "federated, several servers: a client trains locally, sends its model to one server "
               "that it draws, and begins where a rule takes the models of all servers",
               "Fed-MS and its public code, as we understand them", parameters_of_fed_ms()},
          .resolve = resolve_fed_ms,
          .check = check_fed_ms,
          .make_node = make_node_fed_ms,
          .fixed_quorums = false};
}

}  // namespace byzsim::protocols_list
