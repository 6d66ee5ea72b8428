// What messages cost: bandwidth of cards, threads that serialise, and both through whole runs.
#include "sim/network/network.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "core/input/units.h"
#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::network_test {
namespace {

constexpr NodeId kServer0{Role::server, 0}, kServer1{Role::server, 1};
constexpr NodeId kWorker0{Role::worker, 0}, kWorker1{Role::worker, 1};

Network network_of(const Json& network) {
  return Network(read(with(small_sgd(), "/network", network)).network);
}

/// 1000 bytes: 16 of the header and 246 floats.
struct Departure {
  SimTime at;
  NodeId from;
  NodeId to;
};

/// When each transfer, by number, has passed both of its cards.
std::map<std::int64_t, SimTime> ends_of(Network network, const std::vector<Departure>& departures) {
  std::multimap<SimTime, std::int64_t> wakes;
  std::map<std::int64_t, SimTime> ends;
  const auto serve = [&](SimTime until) {
    while (!wakes.empty() && wakes.begin()->first <= until) {
      const auto [now, card] = *wakes.begin();
      wakes.erase(wakes.begin());
      const auto [through, next] = network.wake(card, now);
      if (next) wakes.emplace(next->time, next->card);
      for (const Flight& flight : through) ends[flight.delay] = now;
    }
  };
  for (std::size_t i = 0; i < departures.size(); ++i) {
    const auto number = static_cast<std::int64_t>(i);
    const auto& [at, from, to] = departures[i];
    serve(at);
    const auto message =
        std::make_shared<const Message>(Message{from, Phase::model, 0, Payload::blank(246)});
    for (const Wake& wake : network.depart({message, to, number, at}, at))
      wakes.emplace(wake.time, wake.card);
  }
  serve(kLongestDuration);
  return ends;
}

using Ends = std::map<std::int64_t, SimTime>;

/// small_sgd where every message takes exactly 1 ms and every gradient and aggregation 2 ms.
Json steady_sgd() {
  Json json = steady(small_sgd());
  for (const char* what : {"gradient", "aggregation"})
    json["compute"][what] = {{"name", "constant"}, {"parameters", {{"value", "2 ms"}}}};
  return json;
}

/// When the last server began each step, in nanoseconds.
std::vector<SimTime> times_of_steps(const Json& json) {
  World world(json);
  run_to_end(world.simulation);
  std::vector<SimTime> times;
  for (const MetricsRow& row : world.simulation.metrics())
    times.push_back(static_cast<SimTime>(row.simulated_seconds * 1e9 + 0.5));
  return times;
}

}  // namespace

TEST_CASE("a network without bandwidth or serialisation has no price") {
  CHECK_FALSE(network_of(Json::object()).has_price());
  for (const char* key : {"server_bandwidth", "worker_bandwidth", "serialization"})
    CHECK(network_of({{key, "1 Gbit/s"}}).has_price());
}

TEST_CASE("the slower of the two cards decides") {
  // 8 Gbit/s are one byte a nanosecond, 4 Gbit/s half of one.
  const Network fast_server =
      network_of({{"server_bandwidth", "8 Gbit/s"}, {"worker_bandwidth", "4 Gbit/s"}});
  const Network fast_worker =
      network_of({{"server_bandwidth", "4 Gbit/s"}, {"worker_bandwidth", "8 Gbit/s"}});
  for (const Network& network : {fast_server, fast_worker}) {
    CHECK(ends_of(network, {{0, kServer0, kWorker0}}) == Ends{{0, 2000}});
    CHECK(ends_of(network, {{0, kWorker0, kServer0}}) == Ends{{0, 2000}});
  }
}

TEST_CASE("transfers from one server share its card") {
  const Network network = network_of({{"server_bandwidth", "8 Gbit/s"}});
  CHECK(ends_of(network, {{0, kServer0, kWorker0}, {0, kServer0, kWorker1}}) ==
        Ends{{0, 2000}, {1, 2000}});
}

TEST_CASE("transfers to one server share its card") {
  const Network network = network_of({{"server_bandwidth", "8 Gbit/s"}});
  CHECK(ends_of(network, {{0, kWorker0, kServer0}, {500, kWorker1, kServer0}}) ==
        Ends{{0, 1500}, {1, 2000}});  // 500 alone, then 500 bytes at half the speed
}

TEST_CASE("transfers between different nodes share nothing") {
  const Network network =
      network_of({{"server_bandwidth", "8 Gbit/s"}, {"worker_bandwidth", "8 Gbit/s"}});
  CHECK(ends_of(network, {{0, kServer0, kWorker0}, {0, kServer1, kWorker1}}) ==
        Ends{{0, 1000}, {1, 1000}});
}

TEST_CASE("a card sends and receives at full speed at the same time") {
  const Network network = network_of({{"server_bandwidth", "8 Gbit/s"}});
  CHECK(ends_of(network, {{0, kServer0, kWorker0}, {0, kWorker0, kServer0}}) ==
        Ends{{0, 1000}, {1, 1000}});
}

TEST_CASE("a card without limit takes no time") {
  const Network network = network_of({{"server_bandwidth", "8 Gbit/s"}});
  CHECK(ends_of(network, {{70, kWorker0, kWorker1}}) == Ends{{0, 70}});
}

TEST_CASE("a copied network continues alike") {
  Network network = network_of({{"server_bandwidth", "8 Gbit/s"}});
  CHECK(network.serialized(kServer0, 1000, 0) == 0);
  const Network copy = network;
  const std::vector<Departure> departures = {
      {0, kServer0, kWorker0}, {300, kServer0, kWorker1}, {400, kWorker1, kServer0}};
  CHECK(ends_of(network, departures) == ends_of(copy, departures));
}

TEST_CASE("threads serialise first come, first served") {
  Network network = network_of({{"serialization", "1 GB/s"}, {"server_threads", 2}});
  CHECK(network.serialized(kServer0, 1000, 0) == 1000);  // a byte a nanosecond
  CHECK(network.serialized(kServer0, 400, 0) == 400);    // on the other thread
  CHECK(network.serialized(kServer0, 100, 100) == 500);  // behind the second
  CHECK(network.serialized(kServer0, 100, 100) == 600);
  CHECK(network.serialized(kServer0, 100, 5000) == 5100);  // both have long been free
}

TEST_CASE("every node has threads of its own, workers as many as workers have") {
  Network network = network_of({{"serialization", "1 GB/s"}, {"server_threads", 2}});
  CHECK(network.serialized(kWorker0, 1000, 0) == 1000);
  CHECK(network.serialized(kWorker1, 1000, 0) == 1000);
  CHECK(network.serialized(kWorker0, 1000, 0) == 2000);  // its one thread is busy
}

TEST_CASE("without a price a step takes two delays, a gradient and an aggregation") {
  const std::vector<SimTime> times = times_of_steps(steady_sgd());
  for (std::size_t step = 0; step < times.size(); ++step)
    CHECK(times[step] == static_cast<SimTime>(step) * (2 * 1'000'000 + 2 * 2'000'000));
}

TEST_CASE("serialisation adds its time at both ends of every message") {
  // 100 bytes (16 + 4 * 21) at 1 MB/s take 100 us. The server's one thread makes four models and
  // reads four gradients one after the other, each worker's reads and makes one: the last of four
  // models leaves after 400 us, is read in 100, its gradient made in 100; the other gradients came
  // 100 us apart, so that only the last one's reading, 100, is still to do.
  const Json json = with(steady_sgd(), "/network/serialization", "1 MB/s");
  CHECK(times_of_steps(json)[1] == 6'000'000 + 400'000 + 100'000 + 100'000 + 100'000);
}

TEST_CASE("a server's card passes the vectors of all its workers one card's time after another") {
  // 100 bytes at 8 kbit/s take 100 ms, four of them 400 ms, out and in.
  Json json = with(small_sgd(), "/network/server_bandwidth", "8 kbit/s");
  const std::vector<SimTime> times = times_of_steps(json);
  REQUIRE(times.size() == 7);
  for (std::size_t step = 1; step < times.size(); ++step)
    CHECK(times[step] - times[step - 1] >= 2 * 400'000'000);
}

TEST_CASE("bandwidth changes no model, only time") {
  const Json priced = with(steady_sgd(), "/network/server_bandwidth", "8 kbit/s");
  CHECK(digest_of_run(priced).models == digest_of_run(steady_sgd()).models);
  CHECK(times_of_steps(priced).back() > times_of_steps(steady_sgd()).back());
}

TEST_CASE("a synchronous step of a large model takes the time of the formula") {
  // d = 62,697,610 parameters are 16 + 4 d = 250,790,456 bytes. The server's card of 10 Gbit/s,
  // 1.25 bytes a nanosecond, is shared by n = 4 models on their way out and 4 gradients on their
  // way in, each time n * 250,790,456 / 1.25 = 802,529,459.2 ns. Around them are two delays of
  // 1 ms, a gradient and an aggregation of 2 ms each.
  Json json = steady_sgd();
  json["numbers"] = "none";
  json["dimension"] = 62'697'610;
  json["network"]["server_bandwidth"] = "10 Gbit/s";
  constexpr SimTime transfers = 802'529'460, delays = 2 * 1'000'000, computing = 2 * 2'000'000;
  const std::vector<SimTime> times = times_of_steps(json);
  REQUIRE(times.size() == 7);
  for (std::size_t step = 0; step < times.size(); ++step)
    CHECK(times[step] == static_cast<SimTime>(step) * (2 * transfers + delays + computing));
}

TEST_CASE("a link with a delay of its own is an exception, the last that fits") {
  Json json = steady_sgd();
  const auto constant = [](const char* value) {
    return Json{{"name", "constant"}, {"parameters", {{"value", value}}}};
  };
  json["network"]["links"] = {{{"from", "servers"}, {"to", "workers"}, {"delay", constant("3 ms")}},
                              {{"from", "all"}, {"to", "worker 2"}, {"delay", constant("5 ms")}}};
  World world(json);
  std::map<NodeId, SimTime> to_worker, to_server;
  for (const Occurrence& event : run_to_end(world.simulation)) {
    if (!event.message()) continue;
    auto& spans = event.target.role == Role::worker ? to_worker : to_server;
    const NodeId worker =
        event.target.role == Role::worker ? event.target : event.message()->sender;
    spans[worker] = event.time - event.delivery()->sent;
  }
  for (std::uint32_t i = 0; i < 4; ++i) {
    CHECK(to_worker[{Role::worker, i}] == (i == 2 ? 5'000'000 : 3'000'000));
    CHECK(to_server[{Role::worker, i}] == 1'000'000);
  }
}

}  // namespace byzsim::network_test
