// Byzantine nodes that send last and arrive first.
#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "adversaries/known_strategies.h"
#include "core/input/units.h"
#include "sim/scenario/scenario_json.h"
#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::rushing_test {
namespace {

/// small_attacked_byzsgd (one of five servers and two of seven workers lie; quorums of 4 and 5)
/// whose Byzantine nodes wait for k honest ones.
Json rushing(const Json& k) { return with(small_attacked_byzsgd(), "/adversary/rushing", k); }

using Moment = std::pair<Phase, std::int64_t>;  // phase and step

/// When each node first spoke, correct and Byzantine ones apart.
struct Speech {
  std::map<Moment, std::map<NodeId, SimTime>> correct, byzantine;
};

Speech speech_of(const Scenario& scenario, const std::vector<Occurrence>& events) {
  Speech speech;
  for (const Occurrence& event : events) {
    if (!event.message()) continue;
    const Message& message = *event.message();
    auto& spoken = scenario.is_byzantine(message.sender) ? speech.byzantine : speech.correct;
    spoken[{message.phase, message.step}].emplace(message.sender, event.delivery()->sent);
  }
  return speech;
}

}  // namespace

TEST_CASE("a rushing node never speaks before so many honest ones have") {
  for (const std::size_t k : {1, 3, 4}) {
    CAPTURE(k);
    World world(rushing(k));
    const Speech speech = speech_of(world.scenario, run_to_end(world.simulation));
    CHECK(world.simulation.trained());
    CHECK(speech.byzantine.size() == 6 * 2 + 3);  // 6 steps of models and gradients, 3 gathers
    for (const auto& [moment, speakers] : speech.byzantine) {
      std::vector<SimTime> times;
      for (const auto& [id, time] : speech.correct.at(moment)) times.push_back(time);
      std::sort(times.begin(), times.end());
      REQUIRE(times.size() >= k);
      for (const auto& [id, time] : speakers) REQUIRE(time >= times[k - 1]);
    }
  }
}

TEST_CASE("a rushing node hears and is heard at once, the others are not") {
  World world(steady(rushing(3)));
  std::set<std::int64_t> byzantine, correct;
  for (const Occurrence& event : run_to_end(world.simulation))
    if (event.message())
      (world.scenario.is_byzantine(event.message()->sender) ||
               world.scenario.is_byzantine(event.target)
           ? byzantine
           : correct)
          .insert(event.time - event.delivery()->sent);
  CHECK(byzantine == std::set<std::int64_t>{0});
  CHECK(correct == std::set<std::int64_t>{kMillisecond});
}

TEST_CASE("rushing nodes are in every quorum that leaves room for k honest vectors") {
  // k = 3 = q - f for gradients (5 - 2) and for models (4 - 1).
  World world(steady(rushing(3)));
  std::map<std::pair<NodeId, Moment>, std::set<NodeId>> quorums;
  for (const Occurrence& event : run_to_end(world.simulation)) {
    if (event.verdict != Verdict::counted && event.verdict != Verdict::buffered) continue;
    if (world.scenario.is_byzantine(event.target)) continue;
    const Message& message = *event.message();
    quorums[{event.target, {message.phase, message.step}}].insert(message.sender);
  }
  // 6 steps of 4 servers and 5 workers, and 3 gathers of 4 servers.
  CHECK(quorums.size() == 6 * (4 + 5) + 3 * 4);
  for (const auto& [quorum, senders] : quorums) {
    const auto& [receiver, moment] = quorum;
    CAPTURE(to_string(receiver), to_string(moment.first), moment.second);
    if (moment.first == Phase::gradient) {
      CHECK(senders.count({Role::worker, 5}) + senders.count({Role::worker, 6}) == 2);
    } else {
      CHECK(senders.count({Role::server, 4}) == 1);
    }
  }
}

TEST_CASE("where fewer honest nodes are than rushing ones wait for, all of them are enough") {
  // Five honest workers speak, but only four honest servers.
  World world(rushing(5));
  const Speech speech = speech_of(world.scenario, run_to_end(world.simulation));
  CHECK(speech.byzantine.count({Phase::model, 5}) == 1);
  CHECK(speech.byzantine.count({Phase::gather, 6}) == 1);
  CHECK(speech.byzantine.count({Phase::gradient, 5}) == 1);
}

TEST_CASE("who rushes with all waits for every honest node of its kind") {
  World world(rushing("all"));
  const Speech speech = speech_of(world.scenario, run_to_end(world.simulation));
  CHECK(speech.byzantine.size() == 6 * 2 + 3);
  for (const auto& [moment, speakers] : speech.byzantine) {
    // 5 honest workers send gradients, 4 honest servers everything else.
    const auto& honest = speech.correct.at(moment);
    REQUIRE(honest.size() == (moment.first == Phase::gradient ? 5 : 4));
    for (const auto& [id, time] : speakers)
      for (const auto& [other, before] : honest) REQUIRE(time >= before);
  }
  CHECK(digest_of_run(rushing("all")) == digest_of_run(rushing(5)));
}

TEST_CASE("rushing is written as it was given") {
  for (const Json& given : {Json("all"), Json("off"), Json(3)})
    CHECK(write_scenario(read(rushing(given)), scenario_tables())["adversary"]["rushing"] == given);
}

TEST_CASE("rushing off is what a scenario means that does not speak of it") {
  CHECK(digest_of_run(rushing("off")) == digest_of_run(small_attacked_byzsgd()));
  CHECK_FALSE(digest_of_run(rushing(3)) == digest_of_run(small_attacked_byzsgd()));
}

}  // namespace byzsim::rushing_test
