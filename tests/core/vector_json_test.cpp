#include "core/input/vector_json.h"

#include <bit>
#include <cmath>
#include <limits>

#include "core/exact/random.h"
#include "tests/catch.h"

namespace byzsim::vector_json_test {
namespace {

std::uint32_t bits_of(float value) { return std::bit_cast<std::uint32_t>(value); }

std::vector<std::uint32_t> bits_of(const std::vector<float>& values) {
  std::vector<std::uint32_t> bits;
  for (const float each : values) bits.push_back(bits_of(each));
  return bits;
}

}  // namespace

TEST_CASE("a coordinate is written in its shortest form") {
  CHECK(write_vector(std::vector<float>{0.1f, 1.0f, -2.5f, 16777216.0f}).dump() ==
        "[0.1,1.0,-2.5,16777216.0]");
  CHECK(
      write_vector(std::vector<float>{std::numeric_limits<float>::quiet_NaN(), -INFINITY}).dump() ==
      "[\"nan\",\"-inf\"]");
}

TEST_CASE("every float32 is written and read to the same bits") {
  std::vector<float> values = {0.0f,
                               -0.0f,
                               INFINITY,
                               -INFINITY,
                               std::bit_cast<float>(0x7fc00000u),
                               std::bit_cast<float>(0xffc00000u),
                               std::bit_cast<float>(0x7fa12345u),
                               std::numeric_limits<float>::max(),
                               std::numeric_limits<float>::denorm_min()};
  Stream stream(1, Purpose::dataset, 0, 0);
  for (int i = 0; i < 20000; ++i)
    values.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(stream.below(1ull << 32))));
  Issues issues;
  const auto read = read_vector(Json::parse(write_vector(values).dump()), "", issues);
  REQUIRE(read);
  CHECK(bits_of(*read) == bits_of(values));
}

}  // namespace byzsim::vector_json_test
