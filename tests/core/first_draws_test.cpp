#include "core/exact/first_draws.h"

#include <cstdint>
#include <vector>

#include "core/check.h"
#include "tests/catch.h"

namespace byzsim::first_draws_test {
namespace {

constexpr std::uint64_t kMostIdentity = (std::uint64_t{1} << 48) - 1;
constexpr std::uint64_t kMostCounter = (std::uint64_t{1} << 40) - 1;

// From 0 to the greatest one, spread over all 48 bits.
std::vector<std::uint64_t> identities(std::size_t count) {
  std::vector<std::uint64_t> all(count, kMostIdentity);
  for (std::size_t i = 0; i + 1 < count; ++i) all[i] = i * 0x123456789ab & kMostIdentity;
  return all;
}

std::vector<std::uint64_t> bits_of(const StreamsName& name,
                                   const std::vector<std::uint64_t>& identities) {
  std::vector<std::uint64_t> bits(identities.size());
  first_bits(name, identities, bits);
  return bits;
}

}  // namespace

TEST_CASE("first draws of many streams are those of each stream") {
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}})
    for (const std::uint64_t counter : {std::uint64_t{0}, std::uint64_t{1} << 32, kMostCounter})
      for (std::size_t count = 0; count < 20; ++count) {
        const StreamsName name{seed, Purpose::delay, counter};
        const std::vector<std::uint64_t> of = identities(count), bits = bits_of(name, of);
        CAPTURE(seed, counter, count);
        for (std::size_t i = 0; i < count; ++i)
          CHECK(bits[i] == Stream(seed, Purpose::delay, of[i], counter).bits());
      }
}

TEST_CASE("exponential values of first draws are those of each stream, bit by bit") {
  const std::vector<std::uint64_t> of = identities(10'000);
  const std::vector<std::uint64_t> bits = bits_of({7, Purpose::compute_time, 3}, of);
  std::vector<double> values(of.size());
  exponentials_of(bits, values);
  for (std::size_t i = 0; i < of.size(); ++i)
    REQUIRE(values[i] == Stream(7, Purpose::compute_time, of[i], 3).exponential());
}

TEST_CASE("the least and the greatest bits have finite exponential values") {
  // -log(1 - 2^-53) = 2^-53 rounded, and -log(2^-53) = 53 log(2).
  std::vector<double> values(2);
  exponentials_of(std::vector<std::uint64_t>{~std::uint64_t{0}, 0}, values);
  CHECK(values[0] == 0x1p-53);
  CHECK(values[1] == Approx(36.7368005696771));
}

TEST_CASE("names beyond their bits are refused") {
  CHECK_THROWS_AS(bits_of({1, Purpose::delay, 0}, {0, kMostIdentity + 1}), InternalError);
  CHECK_THROWS_AS(bits_of({1, Purpose::delay, kMostCounter + 1}, {0}), InternalError);
}

}  // namespace byzsim::first_draws_test
