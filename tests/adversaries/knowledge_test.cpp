// What attacks see, whom they tell what, and what they sent before.
#include <string>
#include <vector>

#include "adversaries/coalition.h"
#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::knowledge_test {
namespace {

using Vectors = std::vector<std::vector<float>>;

/// Of small_attacked_byzsgd: servers 0 and 1 are one half of the honest ones, 2 and 3 the other;
/// of the workers 0, 1, 2 and 3, 4.
const std::vector<NodeId> kServers = {
    {Role::server, 0}, {Role::server, 1}, {Role::server, 2}, {Role::server, 3}};

Json attacked_by(const Json& attack, const std::string& knowledge = "omniscient") {
  return with(small_attacked_byzsgd(), "/adversary",
              {{"workers", attack}, {"knowledge", knowledge}});
}

Json attack(const std::string& name, const Json& parameters) {
  return {{"name", name}, {"parameters", parameters}};
}

/// What worker 6 says to servers 0 to 3 at a step, being asked for (5, 7), where these are known.
Vectors sent_by(const Json& json, const std::vector<Heard>& honest,
                const std::vector<Heard>& corrupted = {}) {
  const Scenario scenario = read(json);
  const Executor executor(1);
  const AdversaryView view{scenario, 0, 2, honest, corrupted, honest.size(), executor};
  Vectors sent;
  for (const Payload& word : make_adversary(scenario)->decide(
           {{Role::worker, 6}, Phase::gradient, 3, Payload({5.0f, 7.0f}), kServers}, view))
    sent.push_back(word.values());
  return sent;
}

std::vector<Heard> of_workers(
    const std::vector<std::pair<std::uint32_t, std::vector<float>>>& all) {
  std::vector<Heard> heard;
  for (const auto& [index, vector] : all) heard.push_back({{Role::worker, index}, Payload(vector)});
  return heard;
}

const std::vector<Heard> kHonest =
    of_workers({{0, {1, 2}}, {1, {3, 2}}, {3, {6, 8}}, {4, {8, 10}}});
const std::vector<Heard> kCorrupted = of_workers({{5, {10, 20}}, {6, {30, 40}}});

/// What worker 6 says step by step when an honest node would say (step, 1).
std::vector<float> first_coordinates(const Json& json, int steps) {
  const Scenario scenario = read(json);
  const Executor executor(1);
  const auto adversary = make_adversary(scenario);
  const AdversaryView view{scenario, 0, 2, {}, {}, 0, executor};
  std::vector<float> sent;
  for (int step = 0; step < steps; ++step)
    sent.push_back(
        adversary
            ->decide(
                {{Role::worker, 6}, Phase::gradient, step, Payload({float(step), 1.0f}), kServers},
                view)[0]
            .values()[0]);
  return sent;
}

}  // namespace

TEST_CASE("equivocation tells the two halves opposite things") {
  CHECK(sent_by(attacked_by(attack("equivocation", {{"magnitude", 2}})), {}) ==
        Vectors{{7, 9}, {7, 9}, {3, 5}, {3, 5}});  // (5, 7) plus and minus 2
}

TEST_CASE("split pushes each half beyond its own mean, away from the other's") {
  // The means are (2, 2) of workers 0 and 1 and (7, 9) of 3 and 4, their difference (5, 7).
  CHECK(sent_by(attacked_by(attack("split", {{"push", 1}})), kHonest) ==
        Vectors{{-3, -5}, {-3, -5}, {12, 16}, {12, 16}});
  CHECK(sent_by(attacked_by(attack("split", {{"push", 2}})), kHonest) ==
        Vectors{{-8, -12}, {-8, -12}, {17, 23}, {17, 23}});
  CHECK(sent_by(attacked_by(attack("split", {{"push", 0}})), kHonest) ==
        Vectors{{2, 2}, {2, 2}, {7, 9}, {7, 9}});
}

TEST_CASE("split says the truth while it knows no vector of one of the halves") {
  const std::vector<Heard> first_half = {kHonest[0], kHonest[1]};
  const Vectors truth(4, {5, 7});
  CHECK(sent_by(attacked_by("split"), first_half) == truth);
  CHECK(sent_by(attacked_by("split"), {}) == truth);
}

TEST_CASE("stale_replay says what was sent so many steps before, the oldest early in a run") {
  CHECK(first_coordinates(attacked_by(attack("stale_replay", {{"steps", 2}})), 6) ==
        std::vector<float>{0, 0, 0, 1, 2, 3});
  CHECK(first_coordinates(attacked_by(attack("stale_replay", {{"steps", 100}})), 4) ==
        std::vector<float>{0, 0, 0, 0});
}

TEST_CASE("a copied adversary remembers the same past, and apart") {
  const Scenario scenario = read(attacked_by(attack("stale_replay", {{"steps", 1}})));
  const Executor executor(1);
  const AdversaryView view{scenario, 0, 1, {}, {}, 0, executor};
  const auto say = [&](Adversary& adversary, std::int64_t step, float own) {
    const NodeId sender{Role::worker, 6};
    return adversary.decide({sender, Phase::gradient, step, Payload({own}), kServers}, view)[0]
        .values()[0];
  };
  const auto first = make_adversary(scenario);
  say(*first, 0, 10);
  const auto second = first->clone();
  CHECK(say(*first, 1, 11) == 10);
  CHECK(say(*second, 1, 21) == 10);
  CHECK(say(*first, 2, 12) == 11);
  CHECK(say(*second, 2, 22) == 21);
}

TEST_CASE("an omniscient attack sees what honest nodes say") {
  // Minus the mean of (1, 2), (3, 2), (6, 8) and (8, 10).
  CHECK(sent_by(attacked_by("sign_flipping"), kHonest, kCorrupted)[0] ==
        std::vector<float>{-4.5f, -5.5f});
}

TEST_CASE("an attack that knows its own messages sees those of Byzantine nodes alone") {
  // Minus the mean of (10, 20) and (30, 40).
  CHECK(sent_by(attacked_by("sign_flipping", "own_messages"), kHonest, kCorrupted)[0] ==
        std::vector<float>{-20, -30});
}

TEST_CASE("a blind attack sees zeros, its own vector included") {
  CHECK(sent_by(attacked_by("reversed", "blind"), kHonest, kCorrupted)[0] ==
        std::vector<float>{0, 0});  // -100 times nothing
  CHECK(sent_by(attacked_by(attack("equivocation", {{"magnitude", 2}}), "blind"), kHonest,
                kCorrupted) == Vectors{{2, 2}, {2, 2}, {-2, -2}, {-2, -2}});
  CHECK(sent_by(attacked_by("split", "blind"), kHonest, kCorrupted) == Vectors(4, {0, 0}));
}

TEST_CASE("mimic copies one node, whichever others it sees") {
  const auto copied = [](int index, const std::vector<Heard>& honest) {
    return sent_by(attacked_by(attack("mimic", {{"index", index}})), honest, kCorrupted)[0];
  };
  // Honest workers are 0 to 4; worker 2 has not begun.
  CHECK(copied(3, kHonest) == std::vector<float>{6, 8});
  CHECK(copied(3, {kHonest[2]}) == std::vector<float>{6, 8});
  CHECK(copied(1, {kHonest[1], kHonest[2]}) == std::vector<float>{3, 2});
  CHECK(copied(8, kHonest) == std::vector<float>{6, 8});  // 8 modulo 5 workers
  CHECK(copied(2, kHonest) == std::vector<float>{5, 7});  // its own
  CHECK(copied(0, {}) == std::vector<float>{5, 7});
}

TEST_CASE("mimic that knows its own messages copies one Byzantine node") {
  const auto copied = [](int index) {
    return sent_by(attacked_by(attack("mimic", {{"index", index}}), "own_messages"), kHonest,
                   kCorrupted)[0];
  };
  CHECK(copied(0) == std::vector<float>{10, 20});  // worker 5
  CHECK(copied(1) == std::vector<float>{30, 40});
  CHECK(copied(2) == std::vector<float>{10, 20});
}

TEST_CASE("knowledge matters to no attack that looks at nobody") {
  for (const Attack& attack : attacks()) {
    if (attack.silent() || attack.uses_honest) continue;
    CAPTURE(attack.declaration.name);
    const Json name = attack.declaration.name;
    const Vectors omniscient = sent_by(attacked_by(name), kHonest, kCorrupted);
    const Vectors own = sent_by(attacked_by(name, "own_messages"), kHonest, kCorrupted);
    for (std::size_t i = 0; i < 4; ++i)
      CHECK(Payload(own[i]).digest() == Payload(omniscient[i]).digest());
  }
}

TEST_CASE("every attack has a word for everyone whatever it knows") {
  for (const Attack& attack : attacks())
    for (const char* knowledge : {"omniscient", "own_messages", "blind"}) {
      CAPTURE(attack.declaration.name, knowledge);
      if (attack.declaration.name == "pixel_trigger") continue;  // it marks images
      World world(attacked_by(attack.declaration.name, knowledge));
      run_to_end(world.simulation);
      CHECK(world.simulation.trained());
    }
}

}  // namespace byzsim::knowledge_test
