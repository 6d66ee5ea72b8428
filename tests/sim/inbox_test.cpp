#include "sim/nodes/inbox.h"

#include <set>
#include <string>
#include <vector>

#include "core/check.h"
#include "tests/catch.h"

namespace byzsim::inbox_test {
namespace {

constexpr std::size_t kDimension = 2;

Message gradient_of(std::uint32_t worker, std::int64_t step, float value = 0) {
  return {{Role::worker, worker},
          Phase::gradient,
          step,
          Payload(std::vector<float>(kDimension, value))};
}

}  // namespace

TEST_CASE("a vector of the current step is counted") {
  Inbox inbox(2, kDimension);
  CHECK(inbox.accept(gradient_of(0, 0), 0) == Verdict::counted);
}

TEST_CASE("a vector of a future step is buffered and waits there") {
  Inbox inbox(1, kDimension);
  CHECK(inbox.accept(gradient_of(0, 3), 0) == Verdict::buffered);
  CHECK_FALSE(inbox.complete(0));
  CHECK(inbox.complete(3));
}

TEST_CASE("quorums may differ from step to step") {
  Inbox inbox(std::vector<QuorumFrom>{{1, 1}, {3, 2}}, kDimension);
  for (const std::int64_t step : {0, 2}) {  // the first size is that of all steps before, too
    inbox.accept(gradient_of(0, step), 0);
    CHECK(inbox.complete(step));
    CHECK(inbox.accept(gradient_of(1, step), 0) == Verdict::late);
  }
  for (const std::int64_t step : {3, 7}) {
    inbox.accept(gradient_of(0, step), 0);
    CHECK_FALSE(inbox.complete(step));
    CHECK(inbox.room_for(gradient_of(1, step), 0) == 1);
    CHECK(inbox.awaited(Phase::gradient, step).needed == 2);
    inbox.accept(gradient_of(1, step), 0);
    CHECK(inbox.complete(step));
  }
}

TEST_CASE("a vector after the quorum is late") {
  Inbox inbox(2, kDimension);
  inbox.accept(gradient_of(0, 0), 0);
  inbox.accept(gradient_of(1, 0), 0);
  CHECK(inbox.accept(gradient_of(2, 0), 0) == Verdict::late);
  CHECK(inbox.take(0).size() == 2);
}

TEST_CASE("a vector of the current step is late once its quorum was used") {
  Inbox inbox(1, kDimension);
  inbox.accept(gradient_of(0, 0), 0);
  inbox.take(0);
  CHECK(inbox.accept(gradient_of(1, 0), 0) == Verdict::late);
}

TEST_CASE("a vector of a step that the receiver has left is stale") {
  Inbox inbox(1, kDimension);
  CHECK(inbox.accept(gradient_of(0, 0), 1) == Verdict::stale);
  CHECK_FALSE(inbox.complete(0));
}

TEST_CASE("the vectors of a step far ahead count once the receiver is there") {
  Inbox inbox(2, kDimension);
  CHECK(inbox.accept(gradient_of(0, 10), 9) == Verdict::buffered);
  CHECK(inbox.accept(gradient_of(1, 10), 10) == Verdict::counted);
  CHECK(inbox.complete(10));
}

TEST_CASE("a sender's second vector of a step is a duplicate and the first one stays") {
  Inbox inbox(2, kDimension);
  inbox.accept(gradient_of(0, 0, 1.0f), 0);
  CHECK(inbox.accept(gradient_of(0, 0, 2.0f), 0) == Verdict::duplicate);
  inbox.accept(gradient_of(1, 0, 3.0f), 0);
  CHECK(inbox.take(0)[0].vector.values() == std::vector<float>{1.0f, 1.0f});
}

TEST_CASE("a server and a worker of one index are two senders") {
  Inbox inbox(2, kDimension);
  Message other = gradient_of(0, 0);
  other.sender.role = Role::server;
  inbox.accept(gradient_of(0, 0), 0);
  CHECK(inbox.accept(other, 0) == Verdict::counted);
}

TEST_CASE("a vector of another dimension is malformed") {
  Inbox inbox(1, kDimension);
  for (const std::size_t dimension : {0, 1, 3, 1000}) {
    Message message = gradient_of(0, 0);
    message.vector = Payload(std::vector<float>(dimension));
    CAPTURE(dimension);
    CHECK(inbox.accept(message, 0) == Verdict::malformed);
  }
  CHECK_FALSE(inbox.complete(0));
}

TEST_CASE("a malformed vector does not use up its sender's word") {
  Inbox inbox(1, kDimension);
  Message message = gradient_of(0, 0);
  message.vector = Payload(std::vector<float>(5));
  inbox.accept(message, 0);
  CHECK(inbox.accept(gradient_of(0, 0), 0) == Verdict::counted);
}

TEST_CASE("a quorum is complete with its last vector and not before") {
  Inbox inbox(3, kDimension);
  for (std::uint32_t worker = 0; worker < 3; ++worker) {
    CHECK_FALSE(inbox.complete(0));
    inbox.accept(gradient_of(worker, 0), 0);
  }
  CHECK(inbox.complete(0));
}

TEST_CASE("a quorum holds the first vectors, by sender") {
  Inbox inbox(3, kDimension);
  for (const std::uint32_t worker : {9, 2, 5, 0}) inbox.accept(gradient_of(worker, 0), 0);
  CHECK(senders_of(inbox.take(0)) == std::vector<std::int32_t>{2, 5, 9});
}

TEST_CASE("servers stand before workers in a quorum") {
  Inbox inbox(2, kDimension);
  Message server = gradient_of(7, 0);
  server.sender.role = Role::server;
  inbox.accept(gradient_of(0, 0), 0);
  inbox.accept(server, 0);
  CHECK(inbox.take(0)[0].sender == NodeId{Role::server, 7});
}

TEST_CASE("taking a step drops it and all before it") {
  Inbox inbox(1, kDimension);
  inbox.accept(gradient_of(0, 1), 0);
  inbox.accept(gradient_of(0, 2), 0);
  inbox.accept(gradient_of(0, 3), 0);
  inbox.take(2);
  CHECK_FALSE(inbox.complete(1));
  CHECK_FALSE(inbox.complete(2));
  CHECK(inbox.complete(3));
  CHECK(inbox.accept(gradient_of(1, 1), 3) == Verdict::stale);
}

TEST_CASE("an incomplete quorum cannot be taken") {
  Inbox inbox(2, kDimension);
  inbox.accept(gradient_of(0, 0), 0);
  CHECK_THROWS_AS(inbox.take(0), InternalError);
}

TEST_CASE("a copied inbox hears on its own") {
  Inbox inbox(1, kDimension);
  Inbox copy = inbox;
  copy.accept(gradient_of(0, 0), 0);
  CHECK(copy.complete(0));
  CHECK_FALSE(inbox.complete(0));
}

TEST_CASE("every verdict has a name of its own") {
  std::set<std::string> names;
  for (std::size_t i = 0; i < kVerdicts; ++i) names.insert(to_string(static_cast<Verdict>(i)));
  CHECK(names ==
        std::set<std::string>{"buffered", "counted", "duplicate", "late", "malformed", "stale"});
}

TEST_CASE("a message takes 16 bytes and 4 for each coordinate on the wire") {
  CHECK(wire_bytes(gradient_of(0, 0)) == 16 + 4 * 2);
  CHECK(wire_bytes({{Role::worker, 0}, Phase::gradient, 0, Payload(std::vector<float>{})}) == 16);
}

}  // namespace byzsim::inbox_test
