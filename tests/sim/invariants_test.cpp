#include "sim/observe/invariants.h"

#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::invariants_test {
namespace {

constexpr NodeId kServer{Role::server, 0};

Heard heard(std::uint32_t server, float value) {
  return {{Role::server, server}, Payload(std::vector<float>(3, value))};
}

Invariants fresh() {
  return Invariants(std::make_shared<const Scenario>(read(small_attacked_byzsgd())), true);
}

std::vector<std::string> sentences(const Invariants& invariants) {
  std::vector<std::string> all;
  for (const auto& [sentence, count] : invariants.broken()) all.push_back(sentence);
  return all;
}

using Sentences = std::vector<std::string>;

/// What is broken after server 0 gathered values of servers 0 to 3 (correct) or 4 (Byzantine).
Sentences after_gather(const std::vector<Heard>& quorum, float median) {
  Invariants invariants = fresh();
  invariants.consumed(kServer, {Phase::gather, 2, quorum});
  invariants.adopted(kServer, Payload(std::vector<float>(3, median)));
  return sentences(invariants);
}

}  // namespace

TEST_CASE("every golden protocol keeps every invariant") {
  for (const Json& json : {small_sgd(), small_byzsgd(), small_attacked_byzsgd()}) {
    World world(json);
    run_to_end(world.simulation);
    CHECK(sentences(world.simulation.invariants()) == Sentences{});
  }
}

TEST_CASE("a delivery before its sending is noticed") {
  Invariants invariants = fresh();
  invariants.delivered(5, 5);
  CHECK(invariants.broken().empty());
  invariants.delivered(6, 5);
  CHECK(sentences(invariants) == Sentences{"a message was delivered before it was sent"});
}

TEST_CASE("two vectors for one step and phase are noticed, one vector to many is not") {
  Invariants invariants = fresh();
  const Payload vector(std::vector<float>(3, 1.0f));
  invariants.sent(kServer, Phase::model, 4, 0, vector);
  invariants.sent(kServer, Phase::model, 4, 0, vector);
  invariants.sent(kServer, Phase::model, 5, 0, Payload(std::vector<float>(3, 2.0f)));
  CHECK(invariants.broken().empty());
  invariants.sent(kServer, Phase::model, 5, 0, vector);
  CHECK(sentences(invariants) ==
        Sentences{"an honest node sent two vectors for one step and phase"});
}

TEST_CASE("a quorum of another size, or with a sender twice, is noticed") {
  CHECK(after_gather({heard(0, 1), heard(1, 2), heard(2, 3)}, 2) ==
        Sentences{"a quorum was not of its size"});
  CHECK(after_gather({heard(0, 1), heard(1, 2), heard(1, 2), heard(2, 3)}, 2) ==
        Sentences{"a quorum held two vectors of one sender"});
}

TEST_CASE("a median outside the honest values is noticed where they are the majority") {
  const std::vector<Heard> quorum = {heard(0, 1), heard(1, 2), heard(2, 3), heard(4, 1000)};
  CHECK(after_gather(quorum, 2.5f) == Sentences{});
  CHECK(after_gather(quorum, 3.5f) == Sentences{"a median left the box of honest models"});
}

}  // namespace byzsim::invariants_test
