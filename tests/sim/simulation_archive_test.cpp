// A world that is written and read again continues as if nothing had happened.
#include <set>
#include <sstream>

#include "core/exact/random.h"
#include "tests/catch.h"
#include "tests/sim/golden_scenarios.h"
#include "tests/sim/small_scenarios.h"
#include "tests/sim/stored_world.h"
#include "tests/tools/address_sanitizer.h"

namespace byzsim::simulation_archive_test {
namespace {

// Sanitizers take ten times as long.
constexpr std::size_t kMoments = process::kAddressSanitizer ? 2 : 20;

/// Everything that a run's files show of it.
std::string shown(const Simulation& simulation) {
  std::ostringstream text;
  text << simulation.digest().run_hex() << "\n" << metrics_header() << "\n";
  for (const MetricsRow& row : simulation.metrics()) text << to_csv(row) << "\n";
  for (const MetricsRow& row : simulation.gathers()) text << gather_to_csv(row) << "\n";
  text << digests_to_csv(simulation.digest_rows());
  const Totals& totals = simulation.totals();
  text << totals.events << " " << totals.messages << " " << totals.bytes << " " << totals.lost;
  for (const auto& [sentence, count] : simulation.invariants().broken())
    text << sentence << count << "\n";
  for (const std::string& unused : simulation.unused_decisions()) text << unused << "\n";
  for (const UnusedSetting& unused : simulation.never_consulted()) text << unused.where << "\n";
  return text.str();
}

}  // namespace

TEST_CASE("every golden scenario, written and read at 20 random events, ends as the whole run") {
  for (const auto& [name, json] : golden_scenarios()) {
    World whole(json, 2);
    run_to_end(whole.simulation);
    std::set<std::uint64_t> moments;
    Stream stream(23, Purpose::attack, 0, 0);
    const std::uint64_t events = whole.simulation.totals().events;
    while (moments.size() < kMoments) moments.insert(stream.below(events));
    World source(json, 2);
    for (const std::uint64_t at : moments) {
      CAPTURE(name, at);
      while (source.simulation.totals().events < at) source.simulation.advance();
      World resumed(json, static_cast<int>(1 + at % 2));
      restore(resumed.simulation, stored(source.simulation));
      run_to_end(resumed.simulation);
      CHECK(shown(resumed.simulation) == shown(whole.simulation));
    }
    // Writing has changed nothing of what it wrote.
    run_to_end(source.simulation);
    CHECK(shown(source.simulation) == shown(whole.simulation));
  }
}

TEST_CASE("a vector that several hold is written once") {
  // 30 vectors of 21 coordinates would be in flight: one model to seven workers is one vector.
  Json json = with(small_byzsgd(), "/data/parameters/dimension", 2000);
  World world(json);
  for (int i = 0; i < 12; ++i) world.simulation.advance();
  const std::size_t vector = sizeof(float) * world.workload->dimension();
  std::set<const float*> distinct;
  world.simulation.future().for_each([&](const EventKey&, const Planned& planned) {
    const auto* message = message_in(planned.event);
    if (message && (*message)->vector.has_values())
      distinct.insert((*message)->vector.values().data());
  });
  // Five initial models and what workers compute at their median; a few kB for all else.
  CHECK(stored(world.simulation).size() < (distinct.size() + 8) * vector + 60'000);
}

TEST_CASE("a world cannot be read from half of its bytes, nor into another scenario") {
  World world(small_byzsgd());
  for (int i = 0; i < 40; ++i) world.simulation.advance();
  const std::string bytes = stored(world.simulation);
  World same(small_byzsgd());
  CHECK_THROWS_AS(restore(same.simulation, bytes.substr(0, bytes.size() / 2)), InputError);
  World other(small_sgd());
  CHECK_THROWS_AS(restore(other.simulation, bytes), InputError);
}

}  // namespace byzsim::simulation_archive_test
