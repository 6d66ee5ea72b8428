// A Simulation is a value: a copy is a fork in time.
#include <set>
#include <utility>
#include <vector>

#include "core/exact/random.h"
#include "tests/catch.h"
#include "tests/sim/golden_scenarios.h"
#include "tests/sim/small_scenarios.h"
#include "tests/tools/address_sanitizer.h"

namespace byzsim::simulation_copy_test {
namespace {

// Sanitizers take ten times as long.
constexpr std::size_t kForks = process::kAddressSanitizer ? 2 : 20;

std::uint64_t events_of(const Json& json) {
  World world(json);
  run_to_end(world.simulation);
  return world.simulation.totals().events;
}

void advance_by(Simulation& simulation, std::uint64_t events) {
  for (std::uint64_t i = 0; i < events; ++i) simulation.advance();
}

/// Momentum on both sides would be hidden state if a copy forgot it.
Json with_momentum(const std::string& where) {
  return with(small_attacked_byzsgd(), "/optimizer", {{"momentum", 0.9}, {"momentum_at", where}});
}

/// Cards, threads, faults, a scheduler and attacks with a past, all of which a copy takes along.
Json with_everything_in_flight() {
  Json json = small_attacked_byzsgd();
  json["adversary"] = {{"workers", "split"},
                       {"servers", {{"name", "stale_replay"}, {"parameters", {{"steps", 2}}}}},
                       {"scheduler", "burst"},
                       {"rushing", 2}};
  json["network"] = {
      {"server_bandwidth", "1 Mbit/s"},
      {"serialization", "1 MB/s"},
      {"faults",
       {{{"name", "crash"},
         {"parameters", {{"nodes", "worker 0"}, {"start", "5 ms"}, {"end", "20 ms"}}}},
        {{"name", "duplication"}, {"parameters", {{"probability", 0.2}}}}}}};
  return json;
}

}  // namespace

TEST_CASE("a copy at any event continues to the digest of the whole run, and so does its source") {
  for (const Json& json : {small_sgd(), with_momentum("worker"), with_momentum("server"),
                           with_everything_in_flight()}) {
    const RunDigest whole = digest_of_run(json);
    Stream stream(11, Purpose::attack, 0, 0);
    const std::uint64_t events = events_of(json);
    for (int i = 0; i < 10; ++i) {
      const std::uint64_t at = stream.below(events);
      CAPTURE(json.dump(), at);
      World world(json, 1 + i % 3);
      advance_by(world.simulation, at);
      Simulation copy = world.simulation;
      run_to_end(copy);
      CHECK(copy.digest() == whole);
      run_to_end(world.simulation);
      CHECK(world.simulation.digest() == whole);
    }
  }
}

TEST_CASE("every golden scenario, forked at 20 random events, continues to its digest") {
  for (const auto& [name, json] : golden_scenarios()) {
    const RunDigest whole = digest_of_run(json, 2);
    std::set<std::uint64_t> places;
    Stream stream(17, Purpose::attack, 0, 0);
    const std::uint64_t events = events_of(json);
    while (places.size() < kForks) places.insert(stream.below(events));
    World world(json, 2);
    for (const std::uint64_t at : places) {
      CAPTURE(name, at);
      advance_by(world.simulation, at - world.simulation.totals().events);
      Simulation fork = world.simulation;
      run_to_end(fork);
      CHECK(fork.digest() == whole);
    }
  }
}

TEST_CASE("a copy of a copy that take turns with the first end alike") {
  const RunDigest whole = digest_of_run(small_attacked_byzsgd());
  World world(small_attacked_byzsgd(), 2);
  advance_by(world.simulation, 50);
  Simulation first = world.simulation;
  Simulation second = first;
  bool going = true;
  while (going) {
    going = first.advance() != nullptr;
    if (second.advance()) going = true;
  }
  first.finish();
  second.finish();
  CHECK(first.digest() == whole);
  CHECK(second.digest() == whole);
}

TEST_CASE("assigning a simulation takes it back to that event") {
  World world(small_attacked_byzsgd());
  advance_by(world.simulation, 30);
  const Simulation saved = world.simulation;
  run_to_end(world.simulation);
  const RunDigest whole = world.simulation.digest();
  world.simulation = saved;
  CHECK(world.simulation.totals().events == 30);
  run_to_end(world.simulation);
  CHECK(world.simulation.digest() == whole);
}

TEST_CASE("a copy has the metrics of the past and gains its own") {
  World world(small_sgd());
  run_to_end(world.simulation);
  const Simulation copy = world.simulation;
  REQUIRE(copy.metrics().size() == 7);
  CHECK(to_csv(copy.metrics().back()) == to_csv(world.simulation.metrics().back()));
}

}  // namespace byzsim::simulation_copy_test
