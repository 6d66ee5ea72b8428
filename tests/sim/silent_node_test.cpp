// Draws are named by who and what they are for: a node that never speaks moves nothing.
#include <string>
#include <tuple>
#include <vector>

#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::silent_node_test {
namespace {

/// A delivery between nodes that both worlds have.
using Delivery = std::tuple<SimTime, NodeId, NodeId, Phase, std::int64_t, std::uint64_t, Verdict>;

struct Past {
  std::vector<Delivery> deliveries;
  RunDigest digest;
  std::vector<std::string> metrics;
};

Past past_of(const Json& json, NodeId left_out) {
  World world(json);
  Past past;
  for (const Occurrence& event : run_to_end(world.simulation)) {
    if (!event.message() || event.target == left_out || event.message()->sender == left_out)
      continue;
    const Message& message = *event.message();
    past.deliveries.emplace_back(event.time, event.target, message.sender, message.phase,
                                 message.step, message.vector.digest(), *event.verdict);
  }
  past.digest = world.simulation.digest();
  for (MetricsRow row : world.simulation.metrics()) {
    row.messages = row.bytes = 0;  // what is sent to the silent node counts
    past.metrics.push_back(to_csv(row));
  }
  return past;
}

void check_equal(const Past& with_silent, const Past& without) {
  CHECK(with_silent.digest.models == without.digest.models);
  CHECK(with_silent.metrics == without.metrics);
  REQUIRE(with_silent.deliveries.size() == without.deliveries.size());
  CHECK(with_silent.deliveries == without.deliveries);
}

/// Both actual counts are 0 or 1, so that the last node may be the silent one.
Json scenario(int servers, int workers) {
  Json json = small_byzsgd();
  json["servers"] = {{"count", servers},
                     {"byzantine", {{"declared", 1}, {"actual", servers - 5}}},
                     {"quorum", 4},
                     {"aggregator", "median"}};
  json["workers"] = {{"count", workers},
                     {"byzantine", {{"declared", 2}, {"actual", workers - 9}}},
                     {"quorum", 7},
                     {"aggregator", "mda"},
                     {"batch_size", 4}};
  json["adversary"] = {{"workers", "silent"}, {"servers", "silent"}};
  return json;
}

}  // namespace

TEST_CASE("a silent worker more or less moves nothing between the others") {
  const NodeId silent{Role::worker, 9};
  const Past without = past_of(scenario(5, 9), silent);
  REQUIRE_FALSE(without.deliveries.empty());
  check_equal(past_of(scenario(5, 10), silent), without);
}

TEST_CASE("a silent server more or less moves nothing between the others") {
  const NodeId silent{Role::server, 5};
  const Past without = past_of(scenario(5, 9), silent);
  check_equal(past_of(scenario(6, 9), silent), without);
}

TEST_CASE("a silent node more or less moves nothing among equal-time events either") {
  const NodeId silent{Role::worker, 9};
  const Json constant = {{"delay", "constant"}};
  check_equal(past_of(with(scenario(5, 10), "/network", constant), silent),
              past_of(with(scenario(5, 9), "/network", constant), silent));
}

}  // namespace byzsim::silent_node_test
