#include "sim/async_conditions.h"

#include <fmt/format.h>

namespace byzsim {
namespace {

void check_server(const std::string& protocol, const Group& servers, Issues& issues) {
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
         fmt::format("a worker of {} hears one server, not {}", protocol, *servers.quorum),
         "leave it out"});
}

}  // namespace

void check_async_conditions(const Scenario& scenario, std::int64_t quorum,
                            const std::string& what_quorum_is, Issues& issues) {
  const std::string& protocol = scenario.protocol.name;
  check_server(protocol, scenario.servers, issues);
  const Group& workers = scenario.workers;
  if (workers.quorum != quorum)
    issues.push_back({"/workers/quorum",
                      fmt::format("the quorum of {} is {}, which is {}; here q = {}", protocol,
                                  what_quorum_is, quorum, *workers.quorum),
                      "leave it out"});
  if (!scenario.unsafe && workers.byzantine.actual > workers.byzantine.declared)
    issues.push_back({"/workers/byzantine/actual",
                      fmt::format("{} workers are Byzantine but only f = {} are declared, and "
                                  "every guarantee is about at most f",
                                  workers.byzantine.actual, workers.byzantine.declared),
                      "declare them, or set \"unsafe\": true to go beyond it on purpose"});
  if (scenario.rushing)
    issues.push_back({"/adversary/rushing",
                      fmt::format("workers of {} do not take steps together, so that a Byzantine "
                                  "one would wait for others to speak in its step for ever",
                                  protocol),
                      "use \"off\", or the fault straggler with a factor below 1 for Byzantine "
                      "workers that answer first"});
}

}  // namespace byzsim
