#include "sim/shared_aggregates.h"
#include "tests/catch.h"

using namespace byzsim;

namespace {

// Aggregates that are told apart by how many were made before.
struct Counted {
  SharedAggregates shared;
  float made = 0;
  float of(const std::vector<Payload>& vectors, std::int64_t missing = 0) {
    return shared.of(vectors, missing, [&] { return Payload({++made}); }).values()[0];
  }
};

}  // namespace

TEST_CASE("the same payloads in the same order share one aggregate", "[shared_aggregates]") {
  Counted counted;
  const Payload a({1, 2}), b({3, 4});
  CHECK(counted.of({a, b}) == 1);
  CHECK(counted.of({a, b}) == 1);
}

TEST_CASE("another order, payload or number of missing nodes has its own aggregate",
          "[shared_aggregates]") {
  Counted counted;
  const Payload a({1, 2}), b({3, 4}), like_b({3, 4});
  CHECK(counted.of({a, b}) == 1);
  CHECK(counted.of({b, a}) == 2);
  CHECK(counted.of({a}) == 3);
  CHECK(counted.of({a, like_b}) == 4);
  CHECK(counted.of({a, b}, 1) == 5);
}

TEST_CASE("an aggregate that was not asked for lately is made again", "[shared_aggregates]") {
  Counted counted;
  const Payload first({0});
  CHECK(counted.of({first}) == 1);
  for (float i = 1; i <= 16; ++i) counted.of({Payload({i})});
  CHECK(counted.of({first}) == 18);
}
