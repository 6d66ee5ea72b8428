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

TEST_CASE("normalised features are (x - mean) / deviation of their channel, rounded twice") {
  // Rows of two channels of two values.
  const std::vector<float> kept = {1, 2, 3, 4, 5, 6, 7, 8};
  const Normalisation normalisation{{1, 10}, {2, 4}, 2};
  const Features features = Features(kept).normalised(normalisation);
  const std::vector<float> expected = {0, 0.5, -1.75, -1.5, 2, 2.5, -0.75, -0.5};
  CHECK(features.values() == expected);
  CHECK(features.digest() == digest_of(expected));
  // From the middle of a channel to the middle of another.
  std::vector<float> three(3);
  features.copy(1, three);
  CHECK(three == std::vector<float>{0.5, -1.75, -1.5});
}

TEST_CASE("normalised bytes are what torchvision makes of them") {
  const Features features = Features::of_bytes({0, 33, 255}).normalised({{0.1307f}, {0.3081f}, 1});
  // numpy: (numpy.float32(byte) / numpy.float32(255) - numpy.float32(.1307)) / numpy.float32(.3081)
  CHECK(features.values() == std::vector<float>{-0.42421296f, -0.0041812244f, 2.8214867f});
}

TEST_CASE("painted rows keep their other values, and show the nearest byte") {
  const Features bytes = Features::of_bytes({0, 51, 102, 153, 204, 255});
  const std::vector<std::size_t> rows = {2, 0}, places = {1};
  CHECK(bytes.painted(rows, 2, places, 0.5f).values() ==
        std::vector<float>{0.8f, 128 / 255.0f, 0, 128 / 255.0f});
  CHECK(bytes.shown(1, 0.5f) == 128 / 255.0f);
  const Features values(std::vector<float>{1, 2, 3, 4, 5, 6});
  CHECK(values.painted(rows, 2, places, 0.5f).values() == std::vector<float>{5, 0.5, 1, 0.5});
}

TEST_CASE("painted rows of normalised features show the value as it would be normalised") {
  const Normalisation normalisation{{1, 10}, {2, 4}, 1};
  const Features features = Features(std::vector<float>{1, 2, 3, 4}).normalised(normalisation);
  const std::vector<std::size_t> rows = {1}, places = {1};
  CHECK(features.painted(rows, 2, places, 30).values() == std::vector<float>{1, 5});
  CHECK(features.shown(1, 30) == 5);
  CHECK(features.shown(0, 30) == 14.5f);
}

}  // namespace byzsim::features_test
