#include "core/exact/random.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <vector>

#include "core/check.h"
#include "tests/catch.h"

namespace byzsim::random_test {
namespace {

using Words = std::array<std::uint32_t, 4>;

/// Philox4x32-10 written from the paper (Salmon et al., SC 2011), apart from the library in use.
Words philox(Words counter, std::uint32_t key0, std::uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t left = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t right = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(right >> 32) ^ counter[1] ^ key0,
               static_cast<std::uint32_t>(right),
               static_cast<std::uint32_t>(left >> 32) ^ counter[3] ^ key1,
               static_cast<std::uint32_t>(left)};
    key0 += 0x9E3779B9;
    key1 += 0xBB67AE85;
  }
  return counter;
}

struct Moments {
  double mean = 0;
  double variance = 0;
};

/// Over a million draws: a mean's deviation is 1/1000 of that of one draw.
template <class Draw>
Moments moments_of(Draw draw) {
  constexpr int count = 1'000'000;
  double sum = 0, squares = 0;
  for (int i = 0; i < count; ++i) {
    const double x = draw();
    sum += x;
    squares += x * x;
  }
  const double mean = sum / count;
  return {mean, squares / count - mean * mean};
}

Stream example_stream() { return Stream(1, Purpose::batch, 2, 3); }

}  // namespace

TEST_CASE("the tests' own Philox gives the published answers") {
  CHECK(philox({0, 0, 0, 0}, 0, 0) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, 0xffffffff, 0xffffffff) ==
        Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xa4093822, 0x299f31d0) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a stream is Philox with the seed as key and its name as counter") {
  // purpose 7, identity 0xa1a2a3a4a5a6, counter 0xb1b2b3b4b5 in the upper 96 bits.
  Stream stream(0x0123456789abcdef, Purpose::attack, 0xa1a2a3a4a5a6, 0xb1b2b3b4b5);
  for (std::uint32_t block = 0; block < 3; ++block) {
    const Words words =
        philox({block, 0xb2b3b4b5, 0xa3a4a5a6u << 8 | 0xb1, 0x07a1a2a3}, 0x89abcdef, 0x01234567);
    CHECK(stream.bits() == (words[0] | std::uint64_t{words[1]} << 32));
    CHECK(stream.bits() == (words[2] | std::uint64_t{words[3]} << 32));
  }
}

TEST_CASE("the first draws of a stream have these bits") {
  Stream bits = example_stream();
  CHECK(bits.bits() == 0xc488c04703c4f2a5);
  CHECK(bits.bits() == 0x80a008af4aa7bebc);
  CHECK(bits.bits() == 0xd688956c93211f42);
  CHECK(example_stream().uniform() == 0x1.8911808e0789ep-1);
  CHECK(example_stream().uniform_open() == 0x1.8911808e0789fp-1);
  CHECK(example_stream().normal() == 0x1.7671156f5233ap-1);
  CHECK(example_stream().exponential() == 0x1.0eaf6c892286ep-2);
  CHECK(example_stream().below(1000) == 767);
}

TEST_CASE("streams whose names differ in one part have no early draw in common") {
  std::set<std::uint64_t> seen;
  const std::vector<Stream> streams = {
      Stream(1, Purpose::batch, 2, 3),          Stream(2, Purpose::batch, 2, 3),
      Stream(1ull << 32, Purpose::batch, 2, 3), Stream(1, Purpose::delay, 2, 3),
      Stream(1, Purpose::batch, 3, 3),          Stream(1, Purpose::batch, 1ull << 47, 3),
      Stream(1, Purpose::batch, 2, 4),          Stream(1, Purpose::batch, 2, 1ull << 39)};
  for (Stream stream : streams)
    for (int i = 0; i < 100; ++i) seen.insert(stream.bits());
  CHECK(seen.size() == streams.size() * 100);
}

TEST_CASE("a stream's name has 48 bits of identity and 40 of counter") {
  CHECK_NOTHROW(Stream(1, Purpose::batch, (1ull << 48) - 1, (1ull << 40) - 1));
  CHECK_THROWS_AS(Stream(1, Purpose::batch, 1ull << 48, 0), InternalError);
  CHECK_THROWS_AS(Stream(1, Purpose::batch, 0, 1ull << 40), InternalError);
}

TEST_CASE("a copy of a stream continues as the stream does") {
  Stream stream = example_stream();
  stream.bits();
  Stream copy = stream;
  for (int i = 0; i < 5; ++i) CHECK(copy.bits() == stream.bits());
}

TEST_CASE("uniform draws have mean 1/2 and variance 1/12") {
  Stream stream = example_stream();
  const Moments moments = moments_of([&] { return stream.uniform(); });
  CHECK(moments.mean == Approx(0.5).margin(0.0015));
  CHECK(moments.variance == Approx(1.0 / 12).margin(0.0005));
}

TEST_CASE("normal draws have mean 0 and variance 1") {
  Stream stream = example_stream();
  const Moments moments = moments_of([&] { return stream.normal(); });
  CHECK(moments.mean == Approx(0).margin(0.005));
  CHECK(moments.variance == Approx(1).margin(0.007));
}

TEST_CASE("exponential draws have mean 1 and variance 1") {
  Stream stream = example_stream();
  const Moments moments = moments_of([&] { return stream.exponential(); });
  CHECK(moments.mean == Approx(1).margin(0.005));
  CHECK(moments.variance == Approx(1).margin(0.015));
}

TEST_CASE("uniform draws stay in their ranges") {
  Stream stream = example_stream();
  int outside = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double half_open = stream.uniform(), open = stream.uniform_open();
    const double ranged = stream.uniform(-3.0, 5.0), exponential = stream.exponential();
    outside += !(half_open >= 0 && half_open < 1);
    outside += !(open > 0 && open < 1);
    outside += !(ranged >= -3.0 && ranged <= 5.0);
    outside += !(exponential > 0 && std::isfinite(exponential));
  }
  CHECK(outside == 0);
}

TEST_CASE("below reaches every value equally often") {
  Stream stream = example_stream();
  std::array<int, 7> counts{};
  for (int i = 0; i < 700'000; ++i) ++counts.at(stream.below(7));
  // Each count has mean 100,000 and deviation 293.
  for (const int count : counts) CHECK(std::abs(count - 100'000) < 1'300);
}

TEST_CASE("below is unbiased where a remainder would not be") {
  // A remainder modulo 3 * 2^62 would fall into the lowest third twice as often as it should.
  Stream stream = example_stream();
  constexpr std::uint64_t third = std::uint64_t{1} << 62;
  std::array<int, 3> counts{};
  for (int i = 0; i < 300'000; ++i) ++counts.at(stream.below(3 * third) / third);
  for (const int count : counts) CHECK(std::abs(count - 100'000) < 1'200);
}

TEST_CASE("below 1 is always 0 and below 0 is refused") {
  Stream stream = example_stream();
  for (int i = 0; i < 10; ++i) CHECK(stream.below(1) == 0);
  CHECK_THROWS_AS(stream.below(0), InternalError);
}

TEST_CASE("a stream that skips draws goes on as if they had been made") {
  for (const std::uint64_t begun : {0, 1, 2, 3})
    for (const std::uint64_t skipped : {0, 1, 2, 3, 4, 7, 1000}) {
      Stream one = example_stream(), other = example_stream();
      for (std::uint64_t i = 0; i < begun; ++i) one.bits(), other.bits();
      for (std::uint64_t i = 0; i < skipped; ++i) one.bits();
      other.skip(skipped);
      CAPTURE(begun, skipped);
      for (int i = 0; i < 3; ++i) CHECK(one.bits() == other.bits());
    }
}

}  // namespace byzsim::random_test
