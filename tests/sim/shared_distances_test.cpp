// Distances that nodes share are those that each would compute.
#include "sim/nodes/shared_distances.h"

#include <limits>

#include "core/exact/random.h"
#include "tests/catch.h"

namespace byzsim::shared_distances_test {
namespace {

Payload random_payload(Stream& stream) {
  std::vector<float> values(5003);
  for (float& value : values) value = static_cast<float>(stream.normal());
  return Payload(std::move(values));
}

bool equal(const DistanceMatrix& a, const DistanceMatrix& b) {
  for (std::size_t i = 0; i < a.n(); ++i)
    for (std::size_t j = 0; j < a.n(); ++j)
      if (a(i, j) != b(i, j)) return false;
  return true;
}

DistanceMatrix computed(const std::vector<Payload>& vectors) {
  std::vector<const float*> pointers;
  for (const Payload& vector : vectors) pointers.push_back(vector.values().data());
  return squared_distances(std::span<const float* const>(pointers), vectors[0].dimension(),
                           Executor(1));
}

}  // namespace

TEST_CASE("shared distances are those of the vectors, whatever was asked for before") {
  Stream stream(5, Purpose::aggregation, 0, 0);
  SharedDistances shared;
  const Executor executor(1);
  std::vector<Payload> known;
  for (int i = 0; i < 12; ++i) known.push_back(random_payload(stream));
  for (int round = 0; round < 60; ++round) {
    // Some vectors go, and others may come to lie where they were.
    known[stream.below(known.size())] = random_payload(stream);
    std::vector<Payload> quorum;
    for (const Payload& vector : known)
      if (stream.below(4) != 0) quorum.push_back(vector);
    if (quorum.empty()) continue;
    CHECK(equal(shared.of(quorum, executor), computed(quorum)));
  }
}

TEST_CASE("a vector that came twice is at no distance from itself, unless it is not finite") {
  SharedDistances shared;
  const Executor executor(1);
  std::vector<float> values(5000, 1.0f);
  const Payload one(values);
  values[7] = std::numeric_limits<float>::infinity();
  const Payload infinite(values);
  for (int time = 0; time < 2; ++time) {
    const DistanceMatrix distances = shared.of({one, one, infinite, infinite}, executor);
    CHECK(distances(0, 1) == 0);
    CHECK(distances(2, 3) == std::numeric_limits<double>::infinity());
  }
}

}  // namespace byzsim::shared_distances_test
