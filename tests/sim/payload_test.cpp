#include "sim/world/payload.h"

#include <atomic>
#include <limits>
#include <thread>
#include <vector>

#include "core/check.h"
#include "core/exact/digest.h"
#include "tests/catch.h"

namespace byzsim::payload_test {

TEST_CASE("a payload holds its values with their digest") {
  const Payload payload({1.0f, 2.0f});
  CHECK(payload);
  CHECK(payload.dimension() == 2);
  CHECK(payload.values() == std::vector<float>{1.0f, 2.0f});
  CHECK(payload.digest() == digest_of(std::vector<float>{1.0f, 2.0f}));
}

TEST_CASE("the digest sees the bits of a vector, not its values") {
  CHECK(Payload({0.0f}).digest() != Payload({-0.0f}).digest());
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(Payload({nan}).digest() == Payload({nan}).digest());
}

TEST_CASE("a deferred payload has the digest of its values, too") {
  const auto values = [] { return std::vector<float>{1.0f, 2.0f}; };
  CHECK(Payload::deferred(2, values).digest() == Payload({1.0f, 2.0f}).digest());
}

TEST_CASE("silence is no payload, and a vector of no values is one") {
  CHECK_FALSE(Payload());
  CHECK(Payload(std::vector<float>{}));
}

TEST_CASE("a payload knows its dimension before it is computed") {
  const Executor executor(1);
  bool computed = false;
  const Payload payload = Payload::launch(executor, 3, [&] {
    computed = true;
    return std::vector<float>(3, 1.0f);
  });
  CHECK(payload.dimension() == 3);
  CHECK_FALSE(computed);
  CHECK(payload.values().size() == 3);
  CHECK(computed);
}

TEST_CASE("a payload that breaks its promised dimension is a programmer error") {
  const Executor executor(2);
  const Payload payload = Payload::launch(executor, 3, [] { return std::vector<float>(2); });
  CHECK_THROWS_AS(payload.values(), InternalError);
}

TEST_CASE("copies of a payload share one computation") {
  for (const int threads : {1, 2, 3, 8}) {
    CAPTURE(threads);
    const Executor executor(threads);
    std::atomic<int> computed{0};
    const Payload payload = Payload::launch(executor, 1, [&] {
      ++computed;
      return std::vector<float>{5.0f};
    });
    std::vector<std::thread> readers;
    std::atomic<int> right{0};
    for (int i = 0; i < 8; ++i)
      readers.emplace_back([&right, payload] { right += payload.values()[0] == 5.0f; });
    for (std::thread& reader : readers) reader.join();
    CHECK(right == 8);
    CHECK(computed == 1);
  }
}

TEST_CASE("finishing payloads computes all of them") {
  const Executor executor(1);
  int computed = 0;
  std::vector<Payload> payloads;
  for (int i = 0; i < 4; ++i)
    payloads.push_back(Payload::launch(executor, 1, [&] {
      ++computed;
      return std::vector<float>{0.0f};
    }));
  finish_all(payloads);
  CHECK(computed == 4);
}

}  // namespace byzsim::payload_test
