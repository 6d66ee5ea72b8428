// Vectors that are used again.
#include "core/machine/spare_vectors.h"

#include "tests/catch.h"

namespace byzsim::spare_vectors_test {

TEST_CASE("a vector that was given back is the next one of its length") {
  SpareVectors spare;
  std::vector<float> first = spare.take(5000);
  const float* const place = first.data();
  spare.give_back(std::move(first));
  const std::vector<float> shorter = spare.take(4999), same = spare.take(5000),
                           next = spare.take(5000);
  CHECK(shorter.data() != place);
  CHECK(same.data() == place);
  CHECK(next.data() != place);
}

TEST_CASE("spare vectors are all of the length that was given back last") {
  SpareVectors spare;
  spare.give_back(std::vector<float>(5000, 1.0f));
  spare.give_back(std::vector<float>(6000, 2.0f));
  CHECK(spare.take(5000) == std::vector<float>(5000));
  CHECK(spare.take(6000) == std::vector<float>(6000, 2.0f));
}

}  // namespace byzsim::spare_vectors_test
