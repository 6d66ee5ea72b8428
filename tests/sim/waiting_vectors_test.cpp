// Vectors that wait for nodes that lag: dropped where no quorum can use them, on disk above a
// limit, and the run has the same bits.
#include <algorithm>

#include "sim/run/backlog.h"
#include "sim/run/vector_store.h"
#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::waiting_vectors_test {
namespace {

constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 60;

// 1,002 parameters, five servers and seven workers: 48 KB of vectors a step.
Json long_run(int steps, const Json& faults) {
  Json json = small_attacked_byzsgd();
  json["steps"] = steps;
  json["workers"]["batch_size"] = 1;
  json["metrics"]["every"] = 1'000'000;
  json["data"]["parameters"] = {{"dimension", 500}, {"classes", 2}, {"train", 40}, {"test", 5}};
  json["network"]["faults"] = faults;
  return json;
}

Json fault(const std::string& name, const Json& parameters) {
  return {{{"name", name}, {"parameters", parameters}}};
}

struct Ended {
  RunDigest digest;
  WaitingTotals waiting;
  bool trained;
};

Ended run(const Json& json, std::uint64_t limit) {
  World world(json);
  world.simulation.keep_in_memory(limit);
  run_to_end(world.simulation);
  return {world.simulation.digest(), world.simulation.waiting(), world.simulation.trained()};
}

// The same without looking through what waits.
RunDigest untouched(const Json& json) {
  World world(json);
  world.simulation.keep_scheduled();
  run_to_end(world.simulation);
  return world.simulation.digest();
}

const Json kCutOff =
    fault("partition", {{"nodes", "server 1"}, {"start", "10 ms"}, {"end", "1 h"}});
const Json kSlow = fault("straggler", {{"nodes", "server 1"}, {"factor", 30}});
const Json kBack = fault("crash", {{"nodes", "server 2"}, {"start", "10 ms"}, {"end", "300 ms"}});
const Json kGone = fault("crash", {{"nodes", "server 2"}, {"start", "10 ms"}});
const Json kLossy = fault("loss", {{"probability", 0.05}, {"retransmission", "200 ms"}});

}  // namespace

TEST_CASE("what is dropped or stored changes no bit of a run") {
  for (const Json& faults : {kCutOff, kSlow, kBack, kGone, kLossy, Json::array()})
    for (const char* protocol : {"byzsgd", "byzsgd_sync", "consensus_sgd", "guanyu", "learn"}) {
      Json json = long_run(60, faults);
      json["protocol"] = protocol;
      json["unsafe"] = true;
      if (std::string(protocol) == "learn") json["workers"] = json["servers"];
      CAPTURE(protocol, faults.dump());
      const RunDigest original = untouched(json);
      CHECK(run(json, kNoLimit).digest == original);
      const Ended stored = run(json, 100'000);
      CHECK(stored.digest == original);
    }
}

TEST_CASE("a node that is cut off has what it needs on disk, not in memory") {
  const Ended ended = run(long_run(300, kCutOff), 1'000'000);
  CHECK(ended.trained);
  CHECK(ended.waiting.most_in_memory < 2'000'000);
  CHECK(ended.waiting.most_stored > 4'000'000);
}

TEST_CASE("what a lagging node needs stays within the limit however many steps it lags") {
  std::vector<std::uint64_t> most;
  for (const int steps : {150, 600})
    most.push_back(run(long_run(steps, kCutOff), 1'000'000).waiting.most_in_memory);
  CHECK(most[1] < 1.1 * double(most[0]));
}

TEST_CASE("a node that is gone for good keeps nothing waiting") {
  const Ended ended = run(long_run(600, kGone), kNoLimit);
  CHECK(ended.trained);
  CHECK(ended.waiting.most_in_memory < 1'500'000);
  CHECK(ended.waiting.most_stored == 0);
}

TEST_CASE("what is lost and sent again waits for nobody who has gone on") {
  std::vector<double> most;
  for (const int steps : {300, 1200})
    most.push_back(double(run(long_run(steps, kLossy), kNoLimit).waiting.most_in_memory));
  CHECK(most[1] < 1.1 * most[0]);
}

TEST_CASE("of the messages to a node that is cut off, those beyond its quorums are dropped") {
  // 7 gradients a step of which 5 enter the quorum, 4 models of which 3 do beside its own.
  const Ended ended = run(long_run(300, kCutOff), kNoLimit);
  CHECK(ended.waiting.dropped > 300 * 2);
  CHECK(ended.waiting.most_in_memory < 300 * 9 * 4 * 1002 * 1.3);
}

TEST_CASE("what waits is foretold within a factor of two") {
  for (const Json& faults : {kCutOff, kSlow}) {
    Json json = long_run(400, faults);
    json["compute"]["aggregation"] = {{"name", "constant"}, {"parameters", {{"value", "1 ms"}}}};
    CAPTURE(faults.dump());
    World world(json);
    world.simulation.keep_in_memory(kNoLimit);
    const Backlog foretold = backlog_of(*world.workload);
    run_to_end(world.simulation);
    const auto found = double(world.simulation.waiting().most_in_memory);
    CHECK(foretold.where == "/network/faults/0");
    CHECK(foretold.bytes > found / 2);
    CHECK(foretold.bytes < found * 2);
  }
}

TEST_CASE("a vector that is stored comes back with its bits, and its place is used again") {
  const auto store = VectorStore::in(folder_of_stores());
  const std::vector<float> values = {1.5f, -0.0f, 3e-45f, 1e38f};
  {
    const Payload stored = store->put(Payload(values));
    CHECK(stored.is_stored());
    CHECK(store->bytes() == 16);
    CHECK(stored.digest() == Payload(values).digest());
    CHECK(stored.values() == values);
  }
  CHECK(store->bytes() == 0);
  store->put(Payload(values));
  CHECK(store->bytes() == 0);
}

}  // namespace byzsim::waiting_vectors_test
