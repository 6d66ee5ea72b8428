#include "sim/nodes/shared_aggregates.h"
#include "tests/catch.h"

using namespace byzsim;

namespace {

// Aggregates that are told apart by how many were made before, and kept.
struct Counted {
  SharedAggregates shared;
  std::vector<Payload> kept;
  float of(const std::vector<Payload>& vectors, std::int64_t missing = 0) {
    kept.push_back(shared.of(vectors, missing, [&] { return Payload({++made}); }));
    return kept.back().values()[0];
  }
  float made = 0;
};

}  // namespace

TEST_CASE("The same payloads in the same order share one aggregate", "[shared_aggregates]") {
  Counted counted;
  const Payload a({1, 2}), b({3, 4});
  CHECK(counted.of({a, b}) == 1);
  CHECK(counted.of({a, b}) == 1);
}

TEST_CASE("Another order, payload or number of missing nodes has its own aggregate",
          "[shared_aggregates]") {
  Counted counted;
  const Payload a({1, 2}), b({3, 4}), like_b({3, 4});
  CHECK(counted.of({a, b}) == 1);
  CHECK(counted.of({b, a}) == 2);
  CHECK(counted.of({a}) == 3);
  CHECK(counted.of({a, like_b}) == 4);
  CHECK(counted.of({a, b}, 1) == 5);
}

TEST_CASE("An aggregate that was not asked for lately is made again", "[shared_aggregates]") {
  Counted counted;
  const Payload first({0});
  CHECK(counted.of({first}) == 1);
  for (float i = 1; i <= 16; ++i) counted.of({Payload({i})});
  CHECK(counted.of({first}) == 18);
}

TEST_CASE("An aggregate that nobody keeps is made again", "[shared_aggregates]") {
  Counted counted;
  const Payload a({1, 2});
  CHECK(counted.of({a}) == 1);
  counted.kept.clear();
  CHECK(counted.of({a}) == 2);
}

// What a node is yet to compute holds the run it is of: were it kept here, no run would ever end.
TEST_CASE("Neither vectors nor aggregates are kept alive", "[shared_aggregates]") {
  SharedAggregates shared;
  const auto run = std::make_shared<int>();
  const auto of_the_run = [&] {
    return Payload::deferred(1, [run] { return std::vector<float>{float(*run)}; });
  };
  shared.of({of_the_run(), of_the_run()}, 0, of_the_run);
  CHECK(run.use_count() == 1);
}
