// A recorded run runs again without whoever decided.
#include "adversaries/recorder.h"

#include <filesystem>
#include <utility>

#include "sim/results/results.h"
#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::recorder_test {
namespace {

struct Recorded {
  Json scenario;
  RunDigest digest;
};

Recorded record(const Json& json, RecordedVectors vectors, int threads = 1) {
  World world(json, threads, std::make_unique<Recorder>(*make_coalition(read(json)), vectors));
  run_to_end(world.simulation);
  return {write(scenario_of_record(world.scenario, *world.simulation.record())),
          world.simulation.digest()};
}

void check_replays(const Json& json) {
  const RunDigest original = digest_of_run(json);
  for (const RecordedVectors vectors : {RecordedVectors::by_reference, RecordedVectors::by_value}) {
    const Recorded recorded = record(json, vectors, 2);
    CHECK(recorded.digest == original);
    CHECK(digest_of_run(recorded.scenario, 1) == original);
    CHECK(digest_of_run(recorded.scenario, 2) == original);
    CHECK(recorded.scenario["adversary"]["scheduler"]["name"] == "random");
  }
}

Json under(const Json& workers, const Json& servers, const Json& scheduler = "random") {
  Json json = small_attacked_byzsgd();
  json["adversary"] = {{"workers", workers}, {"servers", servers}, {"scheduler", scheduler}};
  return json;
}

}  // namespace

TEST_CASE("a recorded run has the digest it had, whatever the attack") {
  for (const Attack& attack : attacks()) {
    const std::string& name = attack.declaration.name;
    CAPTURE(name);
    if (name == "pixel_trigger") continue;  // it marks images
    check_replays(under(name, name));
  }
}

TEST_CASE("a recorded run has the digest it had, whatever the scheduler") {
  for (const Scheduler& scheduler : schedulers()) {
    CAPTURE(scheduler.declaration.name);
    check_replays(under("a_little_is_enough", "split", scheduler.declaration.name));
  }
}

TEST_CASE("a recorded run has the digest it had when Byzantine nodes rush") {
  check_replays(with(under("mimic", "equivocation", "keep_apart"), "/adversary/rushing", 3));
}

TEST_CASE("a recorded run has the digest it had when it followed a script before") {
  const Json moves = {{{"step", 2},
                       {"workers", "silent"},
                       {"servers", "split"},
                       {"scheduler", "keep_apart"},
                       {"first_servers", {0, 3}}},
                      {{"step", 4}, {"workers", "stale_replay"}}};
  check_replays(with(under("reversed", "equivocation"), "/adversary/script/moves", moves));
}

TEST_CASE("every golden scenario has the digest it had when it is recorded") {
  namespace fs = std::filesystem;
  for (const auto& entry :
       fs::directory_iterator(fs::path(source_directory()) / "scenarios/golden")) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() != ".json" || name == "digests") continue;
    CAPTURE(name);
    const Json json = parse_json(read_text(entry.path()), name);
    const Recorded recorded = record(json, RecordedVectors::by_reference);
    CHECK(digest_of_run(recorded.scenario) == recorded.digest);
  }
}

TEST_CASE("where nobody decides nothing is recorded") {
  Scenario scenario = read(record(small_byzsgd(), RecordedVectors::by_reference).scenario);
  CHECK(scenario.script.empty());
  CHECK(std::exchange(scenario.name, "small-byzsgd") == "small-byzsgd-recorded");
  CHECK(write(scenario) == write(read(small_byzsgd())));
}

TEST_CASE("a record holds a delay for every message that did not take what its link drew") {
  const Json json = with(small_byzsgd(), "/adversary/scheduler",
                         {{"name", "delay_victims"}, {"parameters", {{"victims", "worker 3"}}}});
  const Scenario scenario = read(record(json, RecordedVectors::by_reference).scenario);
  // 6 steps: 5 models to the worker and 5 gradients from it each.
  CHECK(scenario.script.deliveries.size() == 60);
  for (const ScriptedDelivery& delivery : scenario.script.deliveries)
    CHECK((delivery.sender == NodeId{Role::worker, 3} ||
           delivery.receiver == NodeId{Role::worker, 3}));
}

}  // namespace byzsim::recorder_test
