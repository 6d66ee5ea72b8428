#include "sim/run/simulation.h"

#include <map>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::simulation_test {
namespace {

std::vector<MetricsRow> rows_of(const Json& json) {
  World world(json);
  run_to_end(world.simulation);
  return world.simulation.metrics();
}

Totals totals_of(const Json& json) {
  World world(json);
  run_to_end(world.simulation);
  return world.simulation.totals();
}

constexpr std::uint64_t kDimension = 21;  // of small_sgd's model: 3 * (6 + 1)

/// Full quorums without a Byzantine node, a gather every second step.
Json unanimous_byzsgd() {
  Json json = small_byzsgd();
  json["servers"] = {{"count", 3}, {"aggregator", "median"}};
  json["workers"] = {{"count", 4}, {"aggregator", "average"}, {"batch_size", 4}};
  return json;
}

}  // namespace

TEST_CASE("the number of threads changes no bit of a run") {
  for (const Json& json : {small_sgd(), small_byzsgd(), small_attacked_byzsgd()}) {
    const RunDigest one = digest_of_run(json, 1);
    for (const int threads : {2, 3, 8}) {
      CAPTURE(json["name"].dump(), threads);
      CHECK(digest_of_run(json, threads) == one);
    }
  }
}

TEST_CASE("a run leaves nothing behind that could change the next one") {
  const RunDigest first = digest_of_run(small_attacked_byzsgd());
  digest_of_run(small_sgd());
  CHECK(digest_of_run(small_attacked_byzsgd()) == first);
}

TEST_CASE("another seed moves every layer of the digest") {
  const RunDigest one = digest_of_run(small_byzsgd());
  const RunDigest other = digest_of_run(with(small_byzsgd(), "/seed", 8));
  for (std::size_t layer = 0; layer < one.layers().size(); ++layer) {
    CAPTURE(one.layers()[layer].first);
    CHECK_FALSE(*one.layers()[layer].second == *other.layers()[layer].second);
  }
  CHECK(one.run_hex() != other.run_hex());
}

TEST_CASE("recording more often changes the metrics and nothing of the run's digest") {
  const Json often = with(small_byzsgd(), "/metrics/every", 1);
  const Json seldom = with(small_byzsgd(), "/metrics/every", 4);
  CHECK(digest_of_run(often).run_hex() == digest_of_run(seldom).run_hex());
  CHECK(digest_of(rows_of(often)).hex() != digest_of(rows_of(seldom)).hex());
}

TEST_CASE("a row recorded seldom is the row recorded often") {
  const auto often = rows_of(with(small_byzsgd(), "/metrics/every", 1));
  const auto seldom = rows_of(with(small_byzsgd(), "/metrics/every", 4));
  REQUIRE(seldom.size() == 3);  // steps 0, 4 and the last, 6
  for (const MetricsRow& row : seldom)
    CHECK(to_csv(row) == to_csv(often.at(static_cast<std::size_t>(row.step))));
}

TEST_CASE("sgd sends 2 n_w messages a step") {
  const Totals totals = totals_of(small_sgd());
  CHECK(totals.messages == 6 * 2 * 4);  // 6 steps, 4 workers
  CHECK(totals.bytes == totals.messages * (16 + 4 * kDimension));
}

TEST_CASE("ByzSGD sends 2 n_w n_ps messages a step and n_ps (n_ps - 1) a gather") {
  for (const int period : {1, 2, 4, 7}) {
    CAPTURE(period);
    const Totals totals =
        totals_of(with(small_byzsgd(), "/protocol/parameters/gather_period", period));
    const std::uint64_t gathers = 6 / static_cast<std::uint64_t>(period);
    CHECK(totals.messages == 6 * 2 * 7 * 5 + gathers * 5 * 4);
    CHECK(totals.bytes == totals.messages * (16 + 4 * kDimension));
  }
}

TEST_CASE("every message that is sent arrives") {
  for (const Json& json : {small_sgd(), small_byzsgd(), small_attacked_byzsgd()}) {
    const Totals totals = totals_of(json);
    std::uint64_t delivered = 0;
    for (const std::uint64_t count : totals.verdicts) delivered += count;
    CHECK(delivered == totals.messages);
  }
}

TEST_CASE("every honest server reaches the last step") {
  for (const Json& json : {small_sgd(), small_byzsgd(), small_attacked_byzsgd()}) {
    World world(json);
    CHECK_FALSE(world.simulation.trained());
    run_to_end(world.simulation);
    CHECK(world.simulation.trained());
    CHECK(world.simulation.step() == 6);
    CHECK(world.simulation.metrics().size() == 7);  // step 0 and each of the six
  }
}

TEST_CASE("an event shows the models that a server took on, and their spread is the drift") {
  World world(small_attacked_byzsgd());
  std::map<std::int64_t, std::vector<Payload>> models;  // of honest servers, by step
  for (const Occurrence& occurrence : run_to_end(world.simulation))
    for (const Adopt& adopt : adopted_in(occurrence))
      if (!world.scenario.is_byzantine(occurrence.target))
        models[adopt.step].push_back(adopt.model);
  CHECK(models.size() == 7);
  for (const MetricsRow& row : world.simulation.metrics())
    CHECK(spread_of(models[row.step]).diameter == row.drift);
}

TEST_CASE("simulated time never runs backwards") {
  World world(small_attacked_byzsgd());
  SimTime before = 0;
  for (const Occurrence& occurrence : run_to_end(world.simulation)) {
    REQUIRE(occurrence.time >= before);
    before = occurrence.time;
  }
  CHECK(world.simulation.now() == before);
}

TEST_CASE("after the last event nothing happens any more") {
  World world(small_sgd());
  run_to_end(world.simulation);
  const RunDigest digest = world.simulation.digest();
  CHECK_FALSE(world.simulation.advance());
  CHECK(world.simulation.digest() == digest);
}

TEST_CASE("a quorum that waits for a silent node stalls the run and the run ends") {
  Json json = with(small_byzsgd(), "/unsafe", true);
  json["workers"]["quorum"] = 7;
  json["workers"]["byzantine"]["actual"] = 1;
  json["adversary"] = {{"workers", "silent"}};
  World world(json);
  run_to_end(world.simulation);
  CHECK_FALSE(world.simulation.trained());
  CHECK(world.simulation.step() == 0);
  CHECK(world.simulation.metrics().size() == 1);
}

TEST_CASE("nothing happens behind the time limit, and what is left says so") {
  const Json json = with(small_sgd(), "/time_limit", "5 ms");
  World world(json), whole(small_sgd());
  const auto events = run_to_end(world.simulation), all = run_to_end(whole.simulation);
  REQUIRE(events.size() < all.size());
  for (const Occurrence& event : events) CHECK(event.time <= 5'000'000);
  CHECK(all[events.size()].time > 5'000'000);  // the next one that there would have been
  CHECK(world.simulation.timed_out());
  CHECK_FALSE(whole.simulation.timed_out());
}

TEST_CASE("one server has no drift") {
  for (const MetricsRow& row : rows_of(small_sgd())) CHECK(row.drift == 0.0);
}

TEST_CASE("servers drift between gathers and agree after one that hears all of them") {
  Json json = small_byzsgd();
  json["servers"] = {{"count", 4}, {"quorum", 4}, {"aggregator", "median"}};
  json["workers"]["quorum"] = 5;
  const auto rows = rows_of(json);
  REQUIRE(rows.size() == 7);
  for (const MetricsRow& row : rows) {
    CAPTURE(row.step);
    if (row.step % 2 == 0) CHECK(row.drift == 0.0);  // all begin alike, and gather after 2, 4, 6
    if (row.step % 2 == 1) CHECK(row.drift > 0.0);
  }
}

TEST_CASE("with full quorums and no Byzantine node replication changes no model") {
  Json alone = unanimous_byzsgd();
  alone["protocol"] = "sgd";
  alone["servers"] = {{"count", 1}};
  const auto replicated = rows_of(unanimous_byzsgd());
  const auto single = rows_of(alone);
  REQUIRE(replicated.size() == single.size());
  for (std::size_t i = 0; i < single.size(); ++i) {
    CHECK(replicated[i].drift == 0.0);
    // A mean of three equal numbers may round, by less than 1e-15 of itself.
    CHECK(*replicated[i].loss == Approx(*single[i].loss).epsilon(1e-14));
    CHECK(replicated[i].accuracy_worst == single[i].accuracy_worst);
  }
}

TEST_CASE("training without an adversary lowers the loss") {
  for (const Json& json : {small_sgd(), small_byzsgd()}) {
    const auto rows = rows_of(with(json, "/steps", 40));
    CHECK(*rows.back().loss < 0.7 * *rows.front().loss);
    CHECK(*rows.back().accuracy > *rows.front().accuracy);
  }
}

TEST_CASE("a run that diverges has empty fields and goes on to its end") {
  Json json = with(small_byzsgd(), "/optimizer",
                   {{"rate", {{"name", "constant"}, {"parameters", {{"initial", 3e38}}}}}});
  json["protocol"]["parameters"]["gather_period"] = 2;
  World world(json);
  run_to_end(world.simulation);
  CHECK(world.simulation.trained());
  const MetricsRow& last = world.simulation.metrics().back();
  CHECK(last.step == 6);
  CHECK_FALSE(last.loss);
  CHECK_FALSE(last.accuracy);
  CHECK_FALSE(last.accuracy_worst);
  CHECK_FALSE(last.drift);
  CHECK(world.simulation.metrics().front().loss);
}

TEST_CASE("a constant delay makes every receiver hear the lowest senders first") {
  Json json = with(small_byzsgd(), "/network", {{"delay", "constant"}});
  World world(json);
  std::map<NodeId, std::vector<std::uint32_t>> heard;
  for (const Occurrence& occurrence : run_to_end(world.simulation))
    if (occurrence.message() && occurrence.message()->phase == Phase::model &&
        occurrence.message()->step == 0)
      heard[occurrence.target].push_back(occurrence.message()->sender.index);
  REQUIRE(heard.size() == 7);
  for (const auto& [worker, servers] : heard)
    CHECK(servers == std::vector<std::uint32_t>{0, 1, 2, 3, 4});
}

}  // namespace byzsim::simulation_test
