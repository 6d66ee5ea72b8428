// The conditions of one trusted server, which hold whether or not the scenario is unsafe: these
// protocols have no code for a second server.

#include "sim/protocols/async_conditions.h"

#include <fmt/format.h>

#include "core/check.h"

namespace byzsim {
void check_trusted_server(const std::string& protocol, const Group& servers, Issues& issues) {
  if (servers.count != 1)
    issues.push_back({"/servers/count",
                      fmt::format("{} has one trusted server, not {}", protocol, servers.count),
                      "use 1, or the protocol byzsgd for replicated servers"});
  if (servers.byzantine.declared != 0 || servers.byzantine.actual != 0)
    issues.push_back({"/servers/byzantine",
                      fmt::format("the one server of {} is trusted", protocol),
                      "use 0 and 0, or the protocol byzsgd"});
  if (servers.quorum != 1)
    issues.push_back(
        {"/servers/quorum",
         fmt::format("a worker of {} receives from one server, not {}", protocol, *servers.quorum),
         "leave it out"});
}

void check_async_conditions(const Scenario& scenario, std::int64_t quorum,
                            const std::string& what_quorum_is, Issues& issues) {
  BYZ_CHECK(scenario.servers.quorum && scenario.workers.quorum,
            "conditions are checked of resolved quorums");
  const std::string& protocol = scenario.protocol.name;
  check_trusted_server(protocol, scenario.servers, issues);
  const Group& workers = scenario.workers;
  if (workers.quorum != quorum)
    issues.push_back({"/workers/quorum",
                      fmt::format("the quorum of {} is {}, which is {}; here q = {}", protocol,
                                  what_quorum_is, quorum, *workers.quorum),
                      "leave it out"});
  // Here and not in check_quorum_and_rule(): the rule is not applied to a quorum of workers.
  if (!scenario.unsafe && workers.byzantine.actual > workers.byzantine.declared)
    issues.push_back({"/workers/byzantine/actual",
                      fmt::format("{} workers are Byzantine but only f = {} are declared, and "
                                  "every guarantee assumes at most f",
                                  workers.byzantine.actual, workers.byzantine.declared),
                      "declare them, or set \"unsafe\": true to permit this"});
}

void resolve_one_at_a_time(Scenario& scenario) {
  for (Group* group : {&scenario.servers, &scenario.workers})
    if (!group->quorum) group->quorum = 1;
}

void check_one_at_a_time(const Scenario& scenario, Issues& issues) {
  check_async_conditions(scenario, 1, "one gradient at a time", issues);
}

}  // namespace byzsim
