#include "core/datasets/features.h"

#include <numeric>

#include "core/check.h"
#include "core/exact/digest.h"
#include "tests/catch.h"

namespace byzsim::features_test {
namespace {

/// Every byte, again and again.
Features::Bytes bytes_of(std::size_t size) {
  Features::Bytes bytes(size);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  return bytes;
}

}  // namespace

TEST_CASE("a byte stands for its share of 255, rounded once") {
  const std::vector<float> values = Features::of_bytes(bytes_of(256)).values();
  REQUIRE(values.size() == 256);
  for (int byte = 0; byte < 256; ++byte)
    CHECK(values[static_cast<std::size_t>(byte)] == static_cast<float>(byte / 255.0));
}

TEST_CASE("features kept as bytes equal the same values, and have their digest") {
  for (const std::size_t size : {0, 1, 255, 4096, 10000}) {
    const Features bytes = Features::of_bytes(bytes_of(size));
    CHECK(bytes.size() == size);
    CHECK(bytes == Features(bytes.values()));
    CHECK(bytes.digest() == Features(bytes.values()).digest());
    CHECK(bytes.digest() == digest_of(bytes.values()));
  }
}

TEST_CASE("features are copied from any place on") {
  const Features values(std::vector<float>{1, 2, 3, 4}), bytes = Features::of_bytes({0, 51, 255});
  std::vector<float> two(2);
  values.copy(1, two);
  CHECK(two == std::vector<float>{2, 3});
  bytes.copy(1, two);
  CHECK(two == std::vector<float>{0.2f, 1});
}

TEST_CASE("features beyond the last are refused") {
  std::vector<float> two(2);
  CHECK_THROWS_AS(Features(std::vector<float>(2)).copy(1, two), InternalError);
  CHECK_THROWS_AS(Features::of_bytes({1, 2}).copy(3, two), InternalError);
}

}  // namespace byzsim::features_test
