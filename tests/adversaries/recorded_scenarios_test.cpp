// Any run whose decisions are recorded runs again without the strategies that made them: random
// scenarios of every protocol, scheduler, fault, attack and delay.
#include <cstdlib>
#include <optional>
#include <set>

#include "adversaries/recorder.h"
#include "core/exact/random.h"
#include "core/input/issue.h"
#include "sim/network/faults/fault.h"
#include "sim/protocols/protocol.h"
#include "tests/adversaries/random_scenarios.h"
#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"
#include "tests/tools/address_sanitizer.h"

namespace byzsim::recorded_scenarios_test {
namespace {

// A thousand unless the environment asks for more.
std::uint64_t wanted_records() {
  const char* asked = std::getenv("BYZSIM_RECORDS");
  if (asked != nullptr) return std::stoull(asked);
  // Which takes five times as long; enough for every protocol.
  return process::kAddressSanitizer ? 400 : 1000;
}

struct Played {
  Json scenario;
  RunDigest digest;
  std::map<std::string, std::uint64_t> broken;
};

// Nothing where the scenario is refused.
std::optional<Played> recorded(const Json& json, RecordedVectors vectors) {
  try {
    World world(json, 1, std::make_unique<Recorder>(*make_coalition(read(json)), vectors));
    run_to_end(world.simulation);
    return Played{write(scenario_of_record(world.scenario, *world.simulation.record())),
                  world.simulation.digest(), world.simulation.invariants().broken()};
  } catch (const InputError&) {
    return std::nullopt;
  }
}

}  // namespace

TEST_CASE("any recorded run has the digest it had when it runs without its strategies") {
  std::set<std::string> protocols_seen;
  std::uint64_t played = 0, tried = 0;
  for (; played < wanted_records(); ++tried) {
    REQUIRE(tried < 100 + 10 * wanted_records());
    Stream stream(20261129, Purpose::dataset, 1, tried);
    const Json json = random_scenario(stream);
    CAPTURE(tried, json.dump());
    const auto first = recorded(
        json, stream.below(2) == 0 ? RecordedVectors::by_reference : RecordedVectors::by_value);
    if (!first) continue;
    ++played;
    protocols_seen.insert(json["protocol"]["name"]);
    for (const auto& [sentence, count] : first->broken) CHECK(sentence == "");
    World again(first->scenario);
    run_to_end(again.simulation);
    CHECK(again.simulation.digest() == first->digest);
    CHECK(again.simulation.unused_decisions().empty());
  }
  for (const Declaration& each : protocols().declarations()) {
    CAPTURE(each.name);
    CHECK(protocols_seen.contains(each.name));
  }
}

}  // namespace byzsim::recorded_scenarios_test
