// What a run's digest was every so many events: few rows whatever the length, each of them right.
#include "sim/observe/digest_index.h"

#include <algorithm>

#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::digest_index_test {
namespace {

DigestIndex index_of_events(std::uint64_t events) {
  DigestIndex index;
  for (std::uint64_t event = 1; event <= events; ++event) index.see(event, {});
  return index;
}

// Layers after each event, counted from 1.
std::vector<LayerValues> layers_of_run(const Json& json) {
  World world(json);
  std::vector<LayerValues> layers = {{}};
  while (world.simulation.advance()) layers.push_back(values_of(world.simulation.digest()));
  return layers;
}

}  // namespace

TEST_CASE("a short run has a row of digests for every event") {
  const DigestIndex index = index_of_events(255);
  REQUIRE(index.rows().size() == 255);
  for (std::size_t i = 0; i < 255; ++i) CHECK(index.rows()[i].event == i + 1);
}

TEST_CASE("a longer run has 128 to 255 rows of digests, at multiples of a power of two") {
  for (const std::uint64_t events : {256, 257, 511, 512, 100'000, 3'000'000}) {
    const DigestIndex index = index_of_events(events);
    CAPTURE(events);
    CHECK(index.rows().size() >= 128);
    CHECK(index.rows().size() <= 255);
    const std::uint64_t spacing = index.rows().front().event;
    CHECK((spacing & (spacing - 1)) == 0);
    for (std::size_t i = 0; i < index.rows().size(); ++i)
      REQUIRE(index.rows()[i].event == (i + 1) * spacing);
    CHECK(events < index.rows().back().event + spacing);
  }
}

TEST_CASE("rows of digests are those of the run after their events") {
  for (const Json& json : {small_sgd(), small_attacked_byzsgd()}) {
    const std::vector<LayerValues> layers = layers_of_run(json);
    World world(json, 2);
    run_to_end(world.simulation);
    REQUIRE_FALSE(world.simulation.digest_rows().empty());
    for (const DigestRow& row : world.simulation.digest_rows())
      CHECK(row.layers == layers.at(row.event));
  }
}

TEST_CASE("a copy of a simulation goes on with its rows of digests") {
  World world(small_attacked_byzsgd());
  for (int i = 0; i < 300; ++i) world.simulation.advance();
  Simulation copy = world.simulation;
  run_to_end(world.simulation);
  run_to_end(copy);
  CHECK(copy.digest_rows() == world.simulation.digest_rows());
}

TEST_CASE("digests.csv has its header and a line a row") {
  CHECK(digests_to_csv({{4, {1, 0xab, 0, ~std::uint64_t{0}}}}) ==
        "event,schedule,messages,draws,models\n"
        "4,0000000000000001,00000000000000ab,0000000000000000,ffffffffffffffff\n");
}

TEST_CASE("every event but the first ones names an earlier one as its cause, which scheduled it") {
  World world(small_attacked_byzsgd());
  world.simulation.keep_scheduled();
  std::vector<std::vector<Scheduled>> scheduled = {{}};
  while (const auto occurrence = world.simulation.advance()) {
    scheduled.push_back(*occurrence->scheduled);
    if (occurrence->kind() == EventKind::start) {
      CHECK(occurrence->cause == 0);
      continue;
    }
    REQUIRE(occurrence->cause + 1 < scheduled.size());
    const std::vector<Scheduled>& caused = scheduled[occurrence->cause];
    CHECK(std::any_of(caused.begin(), caused.end(), [&](const Scheduled& each) {
      const auto* message = message_in(each.event);
      return each.time == occurrence->time && kind_of(each.event) == occurrence->kind() &&
             each.target == occurrence->target &&
             (message ? message->get() : nullptr) == occurrence->message();
    }));
  }
}

}  // namespace byzsim::digest_index_test
