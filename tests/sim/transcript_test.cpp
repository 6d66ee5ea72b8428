#include "sim/run/transcript.h"

#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::transcript_test {
namespace {

const MessageKey kGradients{3, Phase::gradient, 0};

NodeId worker(std::uint32_t index) { return {Role::worker, index}; }

}  // namespace

TEST_CASE("a transcript shows who has sent what, and of blank vectors only who has") {
  const World world(small_attacked_byzsgd());
  Transcript transcript(world.workload);
  for (const std::uint32_t index : {4u, 1u})
    transcript.send(worker(index), kGradients, Payload({1.0f}));
  CHECK(transcript.of(kGradients).sent == std::set<NodeId>{worker(1), worker(4)});
  REQUIRE(transcript.of(kGradients).honest.size() == 2);
  CHECK(transcript.of(kGradients).honest[0].sender == worker(1));
  Transcript blank(world.workload);
  blank.send(worker(4), kGradients, Payload::blank(1));
  CHECK(blank.of(kGradients).sent == std::set<NodeId>{worker(4)});
  CHECK(blank.of(kGradients).honest.empty());
}

TEST_CASE("a transcript numbers the latest gradients of honest workers") {
  const World world(small_attacked_byzsgd());  // workers 5 and 6 are Byzantine
  Transcript transcript(world.workload);
  for (const std::uint32_t index : {0u, 5u, 1u, 0u})
    transcript.send(worker(index), kGradients, Payload::blank(1));
  CHECK(transcript.gradients() == 4);
  CHECK(transcript.latest_but(0) == 4);  // of worker 0
  CHECK(transcript.latest_but(1) == 3);  // of worker 1
  CHECK(transcript.latest_but(2) == 0);
}

}  // namespace byzsim::transcript_test
