// A branch takes over all that its trunk has become.
#include "adversaries/begin_run.h"

#include "adversaries/coalition.h"
#include "adversaries/known_strategies.h"
#include "core/exact/random.h"
#include "core/input/issue.h"
#include "tests/catch.h"
#include "tests/sim/golden_scenarios.h"
#include "tests/sim/small_scenarios.h"
#include "tests/tools/address_sanitizer.h"
#include "tests/tools/text_matchers.h"

namespace byzsim::begin_run_test {
namespace {

using process::contains;

constexpr int kBranches = process::kAddressSanitizer ? 1 : 4;  // of every golden scenario

Json branch_of(const Json& trunk, std::uint64_t event) {
  return with(trunk, "/origin", {{"scenario", trunk}, {"event", event}});
}

struct Branch {
  explicit Branch(const Json& json, int threads = 1)
      : executor(threads),
        simulation(begin_run(
            made(read(json), executor),
            [](const Scenario& scenario, const Executor& on) { return made(scenario, on); })) {}
  static std::shared_ptr<const Workload> made(const Scenario& scenario, const Executor& executor) {
    return std::make_shared<const Workload>(scenario, executor, source_directory(),
                                            poisoning_of(scenario));
  }
  Executor executor;
  Simulation simulation;
};

/// What is said of a scenario that is refused, by reading it or by its run.
std::string refusal_of(const Json& json) {
  try {
    Branch branch(json);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

std::uint64_t events_of(const Json& json) {
  World world(json);
  run_to_end(world.simulation);
  return world.simulation.totals().events;
}

}  // namespace

TEST_CASE("a branch in which nothing changes ends as its trunk, wherever it begins") {
  for (const auto& [name, json] : golden_scenarios()) {
    const RunDigest whole = digest_of_run(json);
    const std::uint64_t events = events_of(json);
    Stream stream(37, Purpose::attack, 0, 0);
    for (int i = 0; i < kBranches; ++i) {
      const std::uint64_t at = stream.below(events + 1);
      CAPTURE(name, at);
      Branch branch(branch_of(json, at), 1 + i % 2);
      CHECK(branch.simulation.totals().events == at);
      run_to_end(branch.simulation);
      CHECK(branch.simulation.digest() == whole);
    }
  }
}

TEST_CASE("a branch of a branch at its own beginning is that branch") {
  const Json once = with(branch_of(small_attacked_byzsgd(), 40), "/adversary/workers", "zero");
  Branch first(once), second(branch_of(once, 40));
  run_to_end(first.simulation);
  run_to_end(second.simulation);
  CHECK(first.simulation.digest() == second.simulation.digest());
  CHECK(!(first.simulation.digest() == digest_of_run(small_attacked_byzsgd())));
}

TEST_CASE("a branch follows its own script, and records what it decides itself") {
  Json json = branch_of(small_attacked_byzsgd(), 40);
  json["adversary"]["script"]["moves"] = {{{"step", 2}, {"workers", "zero"}}};
  Branch moved(json), unmoved(branch_of(small_attacked_byzsgd(), 40));
  run_to_end(moved.simulation);
  run_to_end(unmoved.simulation);
  CHECK(!(moved.simulation.digest() == unmoved.simulation.digest()));
}

TEST_CASE("the id of a branch covers its trunk and the event, and not what they are called") {
  const auto id_of = [](const Json& json) { return scenario_id(read(json), scenario_tables()); };
  const Json trunk = small_byzsgd();
  const std::string id = id_of(branch_of(trunk, 7));
  CHECK(id != id_of(trunk));
  CHECK(id != id_of(branch_of(trunk, 8)));
  Json renamed = branch_of(trunk, 7);
  renamed["origin"]["scenario"]["name"] = "another";
  CHECK(id == id_of(renamed));
}

TEST_CASE("what is written of a branch is read as the same branch") {
  const Json json = branch_of(small_byzsgd(), 7);
  const Json written = write(read(json));
  CHECK(written["origin"]["event"] == 7);
  CHECK(write(read(written)) == written);
}

TEST_CASE("a branch is refused where it cannot take over what the trunk has become") {
  const Json trunk = small_byzsgd();
  const Json branch = branch_of(trunk, 30);
  const struct {
    const char* pointer;
    Json value;
    const char* reason;
  } cases[] = {
      {"/seed", 99, "data and shares were made from it"},
      {"/workers/batch_size", 3, "the workers were made at the beginning"},
      {"/servers/count", 7, "the servers were made at the beginning"},
      {"/protocol/parameters/gather_period", 1, "nodes are in the midst of it"},
      {"/optimizer/momentum", 0.5, "nodes hold momentum of the old one"},
      {"/network/serialization", "1 MB/s", "messages under way have begun by the old one"},
      {"/metrics/every", 3, "rows are recorded by it from the beginning"},
      {"/model", "mlp", "models, data and shares were made of it"},
      {"/origin/event", 100'000, "and the trunk ends after"},
      {"/origin/event", -1, "/origin/event"},
      {"/origin/scenario/steps", 0, "/origin/scenario/steps"},
  };
  for (const auto& [pointer, value, reason] : cases) {
    CAPTURE(pointer);
    CHECK_THAT(refusal_of(with(branch, pointer, value)), contains(reason));
  }
  CHECK_THAT(refusal_of(with(trunk, "/origin", {{"event", 3}})),
             contains("/origin/scenario: must be the scenario of a run, not be left out"));
  CHECK_THAT(refusal_of(with(branch_of(trunk, events_of(trunk)), "/steps", 1)),
             contains("/steps: is 1, and the trunk has made"));
  const Json attacked = small_attacked_byzsgd();
  CHECK_THAT(refusal_of(with(branch_of(attacked, 30), "/adversary/servers", "twins")),
             contains("makes other nodes twins than the trunk's"));
}

TEST_CASE("a branch may have other links, faults, rules, delays and more steps") {
  const Json branch = branch_of(small_byzsgd(), 30);
  const std::pair<const char*, Json> cases[] = {
      {"/network/links", {{{"from", "worker 0"}, {"delay", "constant"}}}},
      {"/network/faults", {{{"name", "duplication"}}}},
      {"/network/delay", "uniform"},
      {"/workers/aggregator", "median"},
      {"/optimizer/rate", {{"name", "constant"}, {"parameters", {{"initial", 0.01}}}}},
      {"/steps", 9}};
  for (const auto& [pointer, value] : cases) {
    CAPTURE(pointer);
    Branch changed(with(branch, pointer, value));
    run_to_end(changed.simulation);
    CHECK(changed.simulation.trained());
    CHECK(!(changed.simulation.digest() == digest_of_run(small_byzsgd())));
  }
}

}  // namespace byzsim::begin_run_test
