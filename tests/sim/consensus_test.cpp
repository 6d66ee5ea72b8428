// Replicas that agree: identical at every step while leaders are timely, stuck while none is.
#include "sim/nodes/consensus_server.h"

#include <algorithm>
#include <string>

#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::consensus_test {
namespace {

Json small_consensus() {
  Json json = small_attacked_byzsgd();
  json["protocol"] = {{"name", "consensus_sgd"}, {"parameters", {{"timeout", "50 ms"}}}};
  return json;
}

Json fault(const std::string& nodes, const std::string& start, const std::string& end) {
  return {{"name", "crash"}, {"parameters", {{"nodes", nodes}, {"start", start}, {"end", end}}}};
}

struct Run {
  explicit Run(const Json& json) : world(json) { run_to_end(world.simulation); }
  double largest_drift() const {
    double largest = 0;
    for (const MetricsRow& row : world.simulation.metrics())
      largest = std::max(largest, row.drift.value_or(1e300));
    return largest;
  }
  std::uint64_t sent(Phase phase) const {
    return world.simulation.totals().messages_by_phase[static_cast<std::size_t>(phase)];
  }
  World world;
};

}  // namespace

TEST_CASE("replicas that agree hold one model at every step") {
  const Run run(small_consensus());
  CHECK(run.world.simulation.trained());
  CHECK(run.largest_drift() == 0);
  CHECK(run.world.simulation.invariants().broken().empty());
}

TEST_CASE("agreement costs three more rounds among the servers") {
  Json json = small_consensus();
  json["servers"]["byzantine"]["actual"] = 0;
  const Run run(json);
  CHECK(run.sent(Phase::proposal) == 6 * 4);     // 6 steps, one leader to 4 others
  CHECK(run.sent(Phase::prepare) == 6 * 5 * 4);  // each of 5 to 4 others
  CHECK(run.sent(Phase::commit) >= 6 * 4 * 4);   // who decides early votes no more
  CHECK(run.sent(Phase::view_change) == 0);
}

TEST_CASE("a leader that crashes is replaced after the timeout") {
  Json json = small_consensus();
  json["servers"]["byzantine"]["actual"] = 0;
  json["network"]["faults"] = Json::array({fault("server 0", "0 ms", "never")});
  World world(json);
  run_to_end(world.simulation);
  const Totals& totals = world.simulation.totals();
  CHECK(totals.messages_by_phase[static_cast<std::size_t>(Phase::view_change)] >= 4 * 4);
  // Server 0 never begins; the others, who are all that live, finished their steps.
  CHECK(world.simulation.trained());
  CHECK(totals.messages_by_phase[static_cast<std::size_t>(Phase::model)] >= 4 * 6 * 7);
}

TEST_CASE("a silent Byzantine leader is replaced and the replicas still agree") {
  Json json = small_consensus();
  json["adversary"]["servers"] = "silent";
  json["network"]["faults"] = Json::array({fault("server 0", "5 ms", "200 ms")});
  const Run run(json);
  CHECK(run.world.simulation.trained());
  CHECK(run.largest_drift() == 0);
}

TEST_CASE("a scheduler that delays whoever leads keeps consensus from its first step") {
  Json json = small_consensus();
  json["time_limit"] = "10 min";
  json["adversary"]["scheduler"] = {{"name", "delay_leader"},
                                    {"parameters", {{"delay", "200 ms"}}}};
  const Run run(json);
  CHECK(run.world.simulation.step() == 0);
  CHECK(run.sent(Phase::view_change) > 0);
}

TEST_CASE("ByzSGD goes on under the scheduler that stops consensus") {
  Json json = small_attacked_byzsgd();
  json["adversary"]["scheduler"] = {{"name", "delay_leader"},
                                    {"parameters", {{"delay", "200 ms"}}}};
  const Run run(json);
  CHECK(run.world.simulation.trained());
}

TEST_CASE("equivocating workers cannot split replicas that agree") {
  Json json = small_consensus();
  json["adversary"]["workers"] = "equivocation";
  const Run run(json);
  CHECK(run.world.simulation.trained());
  CHECK(run.largest_drift() == 0);
}

}  // namespace byzsim::consensus_test
