#include "core/exact/digest.h"

#include <bit>
#include <limits>
#include <vector>

#include "tests/catch.h"

namespace byzsim::digest_test {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

std::uint64_t digest_of(std::vector<float> values) {
  return byzsim::digest_of(std::span<const float>(values));
}

}  // namespace

// Which sign and payload a NaN has depends on the processor.
TEST_CASE("every NaN of a vector counts as the same one, and other bits count") {
  const std::uint64_t digest = digest_of({1, kNaN, 2});
  CHECK(digest_of({1, -kNaN, 2}) == digest);
  CHECK(digest_of({1, std::bit_cast<float>(0x7fc12345u), 2}) == digest);
  CHECK(digest_of({1, std::numeric_limits<float>::infinity(), 2}) != digest);
  CHECK(digest_of({0.0f}) != digest_of({-0.0f}));
}

TEST_CASE("a vector has one digest, whole or in pieces") {
  for (const std::size_t size : {1, 40, 1023, 1024, 1025, 5000}) {
    std::vector<float> values(size, 1.5f);
    values[size / 2] = -kNaN;
    const std::span<const float> all(values);
    BytesDigest pieces;
    pieces.add(all.first(size / 3));
    pieces.add(all.subspan(size / 3));
    CHECK(pieces.value() == byzsim::digest_of(all));
    values[size / 2] = kNaN;
    const std::string_view bytes(reinterpret_cast<const char*>(values.data()), 4 * size);
    CHECK(byzsim::digest_of(bytes) == pieces.value());
  }
}

}  // namespace byzsim::digest_test
