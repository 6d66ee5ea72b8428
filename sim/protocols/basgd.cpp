// BASGD, buffered asynchronous SGD (Yang and Li, ICML 2021): one trusted server whose workers share
// B buffers; a rule aggregates the buffers' means. As we understand it, without the reassignment of
// workers whose buffer stays empty.
#include <fmt/format.h>

#include "core/rules/rule.h"
#include "sim/nodes/async_worker.h"
#include "sim/nodes/buffered_server.h"
#include "sim/protocols/async_conditions.h"
#include "sim/protocols/protocol.h"
#include "sim/protocols/quorum_conditions.h"

namespace byzsim::protocols_list {
namespace {

constexpr const char* kWhere = "/protocol/parameters/buffers";
constexpr const char* kBuffersRemedy = "or set \"unsafe\": true to permit this";

std::int64_t buffers_of(const Scenario& scenario) {
  return scenario.protocol.parameters.integer("buffers");
}

void resolve_basgd(Scenario& scenario) {
  Parameters& parameters = scenario.protocol.parameters;
  if (parameters.is_word("buffers"))
    // The fewest of which f Byzantine workers, who spoil one buffer each, hold a minority.
    parameters.set("buffers", 2 * scenario.workers.byzantine.declared + 1);
  if (!scenario.servers.quorum) scenario.servers.quorum = 1;
  // Whatever was written there: a scenario with other buffers has another quorum.
  scenario.workers.quorum = buffers_of(scenario);
}

void check_buffers(const Scenario& scenario, Issues& issues) {
  const std::int64_t n = scenario.workers.count, f = scenario.workers.byzantine.declared;
  const std::int64_t b = buffers_of(scenario);
  // Even an unsafe scenario: worker s fills buffer s mod B, so that those from n on stay empty
  // for ever.
  if (b > n)
    issues.push_back({kWhere,
                      fmt::format("{} buffers cannot all be filled: there are {} workers", b, n),
                      fmt::format("use at most {}", n)});
  else if (!scenario.unsafe && b < 2 * f + 1)
    issues.push_back({kWhere,
                      fmt::format("BASGD needs B >= 2f + 1 = {} buffers: f Byzantine workers may "
                                  "control f of them, and the others must be the majority; here "
                                  "B = {}",
                                  2 * f + 1, b),
                      fmt::format("use more, {}", kBuffersRemedy)});
  else if (!scenario.unsafe && b > n - f)
    issues.push_back({kWhere,
                      fmt::format("BASGD needs B <= n - f = {} buffers: with more, one could have "
                                  "Byzantine workers alone, which may leave it empty; here "
                                  "B = {}",
                                  n - f, b),
                      fmt::format("use fewer, {}", kBuffersRemedy)});
}

void check_rule(const Scenario& scenario, Issues& issues) {
  const Group& workers = scenario.workers;
  // The rule aggregates the B means, so that its condition is on B and not on the number of
  // workers.
  if (check_needs_of_rule("/workers", workers, {}, issues)) return;
  const std::int64_t b = buffers_of(scenario),
                     most = rules().at(workers.aggregator.name).most_vectors;
  if (b > most)
    issues.push_back({kWhere,
                      fmt::format("{} takes at most {} vectors, and there are {} buffers",
                                  workers.aggregator.name, most, b),
                      "use fewer buffers or another rule"});
  else if (const auto broken = broken_condition(aggregation_of(workers), b, scenario.unsafe))
    issues.push_back({"/workers/aggregator",
                      fmt::format("{}, which is the number of buffers", *broken),
                      "use more buffers or another rule, or declare fewer"});
}

void check_basgd(const Scenario& scenario, Issues& issues) {
  check_async_conditions(scenario, buffers_of(scenario), "the number of buffers", issues);
  const std::size_t before = issues.size();
  check_buffers(scenario, issues);
  // Not with a wrong B: the rule's condition on it would only confuse.
  if (issues.size() == before) check_rule(scenario, issues);
}

std::unique_ptr<Node> make_node_basgd(const std::shared_ptr<const Workload>& workload, NodeId id) {
  if (id.role == Role::worker) return std::make_unique<AsyncWorker>(workload, id);
  return std::make_unique<BufferedServer>(workload, id, buffers_of(workload->scenario()));
}

Parameter buffers_parameter() {
  return integer("buffers", 1, 1, double(kMostNodes),
                 "B: worker s fills buffer s mod B; auto: 2f + 1")
      .or_default_word("auto");
}

}  // namespace

Protocol basgd() {
  return {
      .declaration =
          {"basgd",
           "asynchronous, one trusted server: workers fill buffers, whose means a rule aggregates "
           "once none is empty",
           "BASGD (Yang and Li, ICML 2021), as we understand it",
           {buffers_parameter()}},
      .resolve = resolve_basgd,
      .check = check_basgd,
      .make_node = make_node_basgd,
      .fixed_quorums = false,
      .in_step = false,
      .compresses = true,
      .algorithms = Algorithms::unmirrored};
}

}  // namespace byzsim::protocols_list
