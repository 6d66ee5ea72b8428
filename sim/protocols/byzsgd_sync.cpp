// ByzSGD, synchronous (El-Mhamdi et al., PODC 2020, section 5; arXiv 1911.07537, LiuBei): workers
// pull one model a step and judge it by filters, so that a step without a gather costs n_w models
// and n_w n_ps gradients. As we understand the papers.
#include "core/input/units.h"
#include "sim/nodes/sync_server.h"
#include "sim/nodes/sync_worker.h"
#include "sim/protocols/protocol.h"
#include "sim/protocols/quorum_conditions.h"

namespace byzsim::protocols_list {
namespace {

void resolve_byzsgd_sync(Scenario& scenario) {
  for (Group* group : {&scenario.servers, &scenario.workers})
    // A synchronous node waits for everyone; the timeout, not a quorum, is what ends the wait.
    if (!group->quorum) group->quorum = group->count;
}

void check_synchronous(const std::string& where, const std::string& role, const Group& group,
                       Issues& issues) {
  if (*group.quorum != group.count)
    issues.push_back({where + "/quorum", "a synchronous protocol waits for all " + role,
                      "leave it out, or use the protocol byzsgd"});
}

void check_byzsgd_sync(const Scenario& scenario, Issues& issues) {
  check_synchronous("/servers", "servers", scenario.servers, issues);
  check_synchronous("/workers", "workers", scenario.workers, issues);
  if (!scenario.unsafe) {
    // The count alone: a quorum is all nodes here, so that there is no range to keep.
    check_count("Synchronous ByzSGD", "/servers", "servers",
                {3, 1,
                 "the median of the gather needs an honest majority, even of the n - f that "
                 "answer",
                 1, ""},
                scenario.servers, issues);
    check_count("Synchronous ByzSGD", "/workers", "workers",
                {2, 1, "the honest gradients must be the majority", 1, ""}, scenario.workers,
                issues);
  }
  check_quorum_and_rule("/servers", "servers", scenario.servers, scenario.unsafe, issues);
  check_quorum_and_rule("/workers", "workers", scenario.workers, scenario.unsafe, issues,
                        offered_for_gradients(scenario));
}

std::unique_ptr<Node> make_node_byzsgd_sync(const std::shared_ptr<const Workload>& workload,
                                            NodeId id) {
  const Parameters& parameters = workload->scenario().protocol.parameters;
  const SyncSettings settings{parameters.integer("gather_period"),
                              parameters.duration_ns("timeout"), parameters.flag("filters"),
                              parameters.word("outliers") == "last_gather"};
  if (id.role == Role::worker) return std::make_unique<SyncWorker>(workload, id, settings);
  return std::make_unique<SyncServer>(workload, id, settings);
}

}  // namespace

Protocol byzsgd_sync() {
  return {
      .declaration =
          {"byzsgd_sync",
           "synchronous, replicated servers: each worker pulls one model a step and filters it, "
           "every T steps all gather",
           "El-Mhamdi et al., PODC 2020, section 5; arXiv 1911.07537, as we understand them",
           {integer("gather_period", 10, 1, 1e9, "T: steps between two gathers"),
            duration("timeout", kSecond, 1, kLongestDuration,
                     "a node that is silent for longer counts as faulty; must exceed every delay "
                     "of honest nodes"),
            flag("filters", true, "whether workers filter the models they pull"),
            word("outliers", {"last_gather", "pulled"},
                 "whose gradient bounds the Outliers filter: that of the last gather, or, as in "
                 "the authors' public code, that of the pulled model, which lets reversed models "
                 "pass")
                .only_while("filters", "true")}},
      .resolve = resolve_byzsgd_sync,
      .check = check_byzsgd_sync,
      .make_node = make_node_byzsgd_sync,
      .fixed_quorums = false};
}

}  // namespace byzsim::protocols_list
