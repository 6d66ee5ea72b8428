// When messages arrive is the enemy's to say, within what an asynchronous network might do.
#include "adversaries/schedulers/scheduler.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/input/units.h"
#include "sim/scenario/halves.h"
#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::schedulers_test {
namespace {

constexpr std::int64_t kMs = kMillisecond;
constexpr NodeId server(std::uint32_t index) { return {Role::server, index}; }
constexpr NodeId worker(std::uint32_t index) { return {Role::worker, index}; }

/// small_attacked_byzsgd (servers 0-3 and workers 0-4 are correct) under a scheduler.
Json under(const std::string& scheduler, const Json& parameters = Json::object()) {
  return with(small_attacked_byzsgd(), "/adversary/scheduler",
              {{"name", scheduler}, {"parameters", parameters}});
}

struct Letter {
  NodeId sender;
  NodeId receiver;
  Phase phase = Phase::model;
  std::int64_t step = 0;
  std::int64_t round = 0;
  SimTime now = 0;
  std::int64_t drawn = kMs;
};

/// How long the letter travels by the word of the scenario's adversary.
std::int64_t delay_of(const Scenario& scenario, const Letter& letter) {
  const Message message{letter.sender, letter.phase, letter.step, Payload(), letter.round};
  return make_adversary(scenario)->delay({scenario, message, letter.receiver, letter.now,
                                          letter.drawn, scenario.is_byzantine(letter.sender)});
}

/// Letters of every phase between all kinds of nodes, early and late, fast and slow.
std::vector<Letter> all_letters() {
  std::vector<Letter> letters;
  for (std::size_t phase = 0; phase < kPhases; ++phase)
    for (const NodeId sender : {server(0), server(3), server(4), worker(0), worker(6)})
      for (const NodeId receiver : {server(1), server(4), worker(4), worker(5)})
        for (const std::int64_t at : {0, 1, 1000})
          for (const SimTime now : {SimTime{0}, SimTime{12'345'678}, 1000 * kLongestDuration})
            for (const std::int64_t drawn : {std::int64_t{0}, kMs, kLongestDuration})
              letters.push_back({sender, receiver, static_cast<Phase>(phase), at, at, now, drawn});
  return letters;
}

/// The scheduler with every duration of its own as long as can be.
Json at_its_longest(const Declaration& scheduler) {
  Json parameters = Json::object();
  for (const Parameter& parameter : scheduler.parameters)
    if (parameter.type == ParameterType::duration) parameters[parameter.name] = "1000000 s";
  return parameters;
}

}  // namespace

TEST_CASE("no scheduler makes a delay negative, or shorter than the sum of what it adds up") {
  for (const Declaration& declaration : schedulers().declarations())
    for (const Json& parameters : {Json::object(), at_its_longest(declaration)}) {
      const Scenario scenario = read(under(declaration.name, parameters));
      for (const Letter& letter : all_letters()) {
        CAPTURE(declaration.name, to_string(letter.sender), to_string(letter.receiver));
        const std::int64_t delay = delay_of(scenario, letter);
        REQUIRE(delay >= 0);
        if (declaration.name == "delay_victims") REQUIRE(delay >= letter.drawn);
      }
    }
}

TEST_CASE("a scheduler has no memory: the same letter takes the same time") {
  for (const Declaration& declaration : schedulers().declarations()) {
    CAPTURE(declaration.name);
    const Scenario scenario = read(under(declaration.name));
    const auto adversary = make_adversary(scenario);
    const Message message{worker(0), Phase::gradient, 1, Payload()};
    const Dispatch dispatch{scenario, message, server(3), 5 * kMs, kMs, false};
    const std::int64_t first = adversary->delay(dispatch);
    adversary->delay({scenario, message, server(0), 6 * kMs, 2 * kMs, false});
    CHECK(adversary->delay(dispatch) == first);
  }
}

TEST_CASE("under every scheduler every run still trains, the same on any number of threads") {
  for (const Declaration& declaration : schedulers().declarations()) {
    CAPTURE(declaration.name);
    const Json json = with(under(declaration.name), "/steps", 20);
    World world(json);
    run_to_end(world.simulation);
    CHECK(world.simulation.trained());
    const auto& rows = world.simulation.metrics();
    CHECK(*rows.back().loss < *rows.front().loss);
    CHECK(digest_of_run(json, 3) == world.simulation.digest());
  }
}

TEST_CASE("the scheduler random changes nothing") {
  const Scenario scenario = read(under("random"));
  for (const Letter& letter : all_letters()) REQUIRE(delay_of(scenario, letter) == letter.drawn);
}

TEST_CASE("byzantine_first takes its own delay for Byzantine senders and the drawn one otherwise") {
  const Scenario scenario = read(under("byzantine_first", {{"delay", "3 us"}}));
  CHECK(delay_of(scenario, {server(4), worker(0)}) == 3 * kMicrosecond);
  CHECK(delay_of(scenario, {worker(5), server(0)}) == 3 * kMicrosecond);
  CHECK(delay_of(scenario, {server(0), server(4)}) == kMs);
  CHECK(delay_of(scenario, {worker(0), server(0)}) == kMs);
}

TEST_CASE("delay_victims adds its delay to what the victims say and hear") {
  const Scenario scenario =
      read(under("delay_victims", {{"victims", "workers 1-2"}, {"delay", "7 ms"}}));
  CHECK(delay_of(scenario, {worker(1), server(0)}) == 8 * kMs);
  CHECK(delay_of(scenario, {server(0), worker(2)}) == 8 * kMs);
  CHECK(delay_of(scenario, {server(0), worker(3)}) == kMs);
  CHECK(delay_of(scenario, {server(1), server(2)}) == kMs);
}

TEST_CASE("delay_leader delays the servers in turns by step") {
  const Scenario scenario = read(under("delay_leader", {{"delay", "7 ms"}}));
  for (std::int64_t step = 0; step < 10; ++step)
    for (std::uint32_t i = 0; i < 5; ++i)
      CHECK(delay_of(scenario, {.sender = server(i), .receiver = worker(0), .step = step}) ==
            (step % 5 == i ? 8 * kMs : kMs));
  CHECK(delay_of(scenario, {.sender = worker(0), .receiver = server(1), .step = 0}) == kMs);
}

TEST_CASE("delay_leader delays who leads a view, twice as long in every view") {
  const Scenario scenario = read(under("delay_leader", {{"delay", "7 ms"}}));
  for (const Phase phase : {Phase::proposal, Phase::prepare, Phase::commit, Phase::view_change})
    for (std::int64_t view = 0; view < 7; ++view)
      for (std::uint32_t i = 0; i < 5; ++i) {
        CAPTURE(to_string(phase), view, i);
        const std::int64_t delay = delay_of(scenario, {.sender = server(i),
                                                       .receiver = server(4 - i),
                                                       .phase = phase,
                                                       .step = 3,
                                                       .round = view});
        CHECK(delay == (view % 5 == i ? kMs + (7 * kMs << view) : kMs));
      }
}

TEST_CASE("burst delivers everything at multiples of its period, none earlier than drawn") {
  const Json parameters = {{"period", "7 ms"}};
  World world(under("burst", parameters));
  std::set<SimTime> arrivals;
  for (const Occurrence& event : run_to_end(world.simulation))
    if (event.message()) arrivals.insert(event.time);
  CHECK(arrivals.size() > 3);
  for (const SimTime arrival : arrivals) CHECK(arrival % (7 * kMs) == 0);
  const Scenario scenario = read(under("burst", parameters));
  const Letter letter{.sender = worker(0), .receiver = server(0), .now = 5 * kMs};
  CHECK(delay_of(scenario, letter) == 2 * kMs);  // at 6 ms it would be there: 7 ms
  Letter punctual = letter;
  punctual.now = 6 * kMs;
  CHECK(delay_of(scenario, punctual) == kMs);
}

TEST_CASE("keep_apart is near within a half and from Byzantine nodes, far between the halves") {
  // Of four honest servers 0 and 1 are one half; of five honest workers 0, 1 and 2.
  const Scenario scenario = read(under("keep_apart", {{"near", "2 ms"}, {"far", "9 ms"}}));
  CHECK(delay_of(scenario, {server(0), server(1)}) == 2 * kMs);
  CHECK(delay_of(scenario, {server(2), server(3)}) == 2 * kMs);
  CHECK(delay_of(scenario, {server(1), server(2)}) == 9 * kMs);
  CHECK(delay_of(scenario, {server(1), worker(2)}) == 2 * kMs);
  CHECK(delay_of(scenario, {server(1), worker(3)}) == 9 * kMs);
  CHECK(delay_of(scenario, {worker(2), server(2)}) == 9 * kMs);
  for (const NodeId anyone : {server(0), server(3), worker(0), worker(4)}) {
    CHECK(delay_of(scenario, {server(4), anyone}) == 2 * kMs);
    CHECK(delay_of(scenario, {worker(6), anyone}) == 2 * kMs);
  }
}

TEST_CASE("keep_apart keeps every quorum to its own half and the Byzantine nodes") {
  // Quorums that half of the honest nodes and the Byzantine ones can fill: 2 + 1 servers, and at
  // least 2 + 2 workers. ByzSGD asks for more: its servers cannot be kept apart for good.
  Json json = with(under("keep_apart", {{"near", "1 ms"}, {"far", "10 s"}}), "/unsafe", true);
  json["servers"]["quorum"] = 3;
  json["workers"]["quorum"] = 4;
  World world(json);
  std::map<Phase, int> heard;
  for (const Occurrence& event : run_to_end(world.simulation)) {
    const bool in_quorum = event.verdict == Verdict::counted || event.verdict == Verdict::buffered;
    if (!event.message() || !in_quorum) continue;
    const NodeId sender = event.message()->sender, receiver = event.target;
    if (world.scenario.is_byzantine(sender) || world.scenario.is_byzantine(receiver)) continue;
    CAPTURE(to_string(sender), to_string(receiver), event.message()->step);
    REQUIRE(half_of(world.scenario, sender) == half_of(world.scenario, receiver));
    ++heard[event.message()->phase];
  }
  CHECK(world.simulation.trained());
  // 3 gathers, in each of which each of 4 servers hears the other one of its half.
  CHECK(heard[Phase::gather] == 3 * 4);
}

TEST_CASE("keep_apart and split drive the halves apart where nothing does otherwise") {
  const auto drift_under = [](const std::string& scheduler) {
    Json json = with(under(scheduler), "/unsafe", true);
    json["steps"] = 20;
    json["servers"]["quorum"] = 3;
    json["workers"]["quorum"] = 4;
    json["adversary"]["workers"] = json["adversary"]["servers"] = "split";
    World world(json);
    run_to_end(world.simulation);
    return *world.simulation.metrics().back().drift;
  };
  CHECK(drift_under("keep_apart") > 2 * drift_under("random"));
}

}  // namespace byzsim::schedulers_test
