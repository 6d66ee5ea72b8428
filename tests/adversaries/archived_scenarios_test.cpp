// Any run, written and read at a random event, ends as the whole run: random scenarios of every
// protocol, scheduler, fault, attack and delay.
#include <optional>

#include "adversaries/recorder.h"
#include "core/exact/random.h"
#include "core/input/issue.h"
#include "tests/adversaries/random_scenarios.h"
#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"
#include "tests/sim/stored_world.h"
#include "tests/tools/address_sanitizer.h"

namespace byzsim::archived_scenarios_test {
namespace {

constexpr int kWanted = process::kAddressSanitizer ? 60 : 300;

/// With every decision recorded, so that the record is a part of what is written.
std::unique_ptr<Adversary> recorder_of(const Json& json) {
  return std::make_unique<Recorder>(*make_coalition(read(json)), RecordedVectors::by_value);
}

/// Empty where the scenario is refused.
std::unique_ptr<World> world_of(const Json& json, int threads) {
  try {
    return std::make_unique<World>(json, threads, recorder_of(json));
  } catch (const InputError&) {
    return nullptr;
  }
}

std::string script_of(const World& world) {
  return write(scenario_of_record(world.scenario, *world.simulation.record())).dump();
}

}  // namespace

TEST_CASE("300 random runs, each written and read at a random event, end as if they had not been") {
  Stream stream(29, Purpose::attack, 0, 0);
  for (int played = 0; played < kWanted;) {
    const Json json = random_scenario(stream);
    const std::unique_ptr<World> whole = world_of(json, 1);
    if (!whole) continue;
    try {
      run_to_end(whole->simulation);
    } catch (const InputError&) {
      continue;  // what only a run shows
    }
    ++played;
    const std::unique_ptr<World> source = world_of(json, 2), resumed = world_of(json, 1);
    const std::uint64_t at = stream.below(whole->simulation.totals().events + 1);
    while (source->simulation.totals().events < at) source->simulation.advance();
    CAPTURE(json.dump(), at);
    restore(resumed->simulation, stored(source->simulation));
    run_to_end(resumed->simulation);
    CHECK(resumed->simulation.digest() == whole->simulation.digest());
    CHECK(digest_of(resumed->simulation.metrics()) == digest_of(whole->simulation.metrics()));
    CHECK(resumed->simulation.digest_rows() == whole->simulation.digest_rows());
    CHECK(script_of(*resumed) == script_of(*whole));
  }
}

}  // namespace byzsim::archived_scenarios_test
