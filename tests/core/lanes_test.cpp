// What lanes.h promises of every operation, for the implementation that this build uses.
#include "core/kernels/lanes.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "tests/catch.h"

namespace byzsim::lanes_test {
namespace {

using lanes::Doubles;
using lanes::Floats;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kLargest = std::numeric_limits<double>::max();
constexpr double kDenormal = std::numeric_limits<double>::denorm_min();
constexpr float kLargestFloat = std::numeric_limits<float>::max();
constexpr float kDenormalFloat = std::numeric_limits<float>::denorm_min();

using Four = std::array<double, 4>;
using Eight = std::array<float, 8>;

Doubles in(const Four& values) { return lanes::load(values.data()); }
Floats in(const Eight& values) { return lanes::load(values.data()); }

/// Bits, so that signs of zeros count; every NaN is one.
std::array<std::uint64_t, 4> out(Doubles values) {
  Four stored;
  lanes::store(values, stored.data());
  std::array<std::uint64_t, 4> bits;
  for (std::size_t i = 0; i < 4; ++i)
    bits[i] = std::bit_cast<std::uint64_t>(std::isnan(stored[i]) ? kNaN : stored[i]);
  return bits;
}
std::array<std::uint64_t, 4> out(const Four& values) { return out(in(values)); }

std::array<std::uint32_t, 8> out(Floats values) {
  Eight stored;
  lanes::store(values, stored.data());
  std::array<std::uint32_t, 8> bits;
  for (std::size_t i = 0; i < 8; ++i)
    bits[i] = std::bit_cast<std::uint32_t>(std::isnan(stored[i]) ? float(kNaN) : stored[i]);
  return bits;
}
std::array<std::uint32_t, 8> out(const Eight& values) { return out(in(values)); }

/// Which lanes of a mask are set.
Four chosen(lanes::Mask mask) {
  Four values;
  lanes::store(lanes::choose(mask, lanes::spread(1.0), lanes::spread(0.0)), values.data());
  return values;
}

}  // namespace

TEST_CASE("lanes are loaded and stored at any address") {
  alignas(64) const std::array<float, 24> values = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11,
                                                    12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23};
  for (std::size_t begin = 0; begin <= 8; ++begin) {
    alignas(64) std::array<float, 24> copy{};
    lanes::store(lanes::load(&values[begin]), &copy[begin + 3]);
    CHECK(std::equal(&copy[begin + 3], &copy[begin + 11], &values[begin]));
    CHECK((copy[begin + 2] == 0 && copy[begin + 11] == 0));
    CHECK(out(lanes::load_doubles(&values[begin])) ==
          out(Four{double(begin), begin + 1.0, begin + 2.0, begin + 3.0}));
  }
}

TEST_CASE("a double becomes the nearest float, halves the even one") {
  std::array<float, 4> floats;
  lanes::store(in(Four{0x1.000001p0, 0x1.000003p0, 0x1.0000010000001p0, -0.0}), floats.data());
  CHECK(floats == std::array<float, 4>{1.0f, 0x1.000004p0f, 0x1.000002p0f, 0.0f});
  CHECK(std::signbit(floats[3]));
  // Beyond the largest float, in the range of denormal ones, and below half of the least.
  lanes::store(in(Four{0x1.ffffffp127, -0x1.fffffefp127, 0x1.8p-149, 0x1p-150}), floats.data());
  CHECK(floats[0] == std::numeric_limits<float>::infinity());
  CHECK(floats[1] == -kLargestFloat);
  CHECK(floats[2] == 2 * kDenormalFloat);
  CHECK(floats[3] == 0);
  lanes::store(in(Four{kInfinity, -kInfinity, kNaN, kLargest}), floats.data());
  CHECK((std::isinf(floats[0]) && std::isinf(floats[1]) && floats[1] < 0));
  CHECK((std::isnan(floats[2]) && std::isinf(floats[3])));
}

TEST_CASE("a float becomes the same double") {
  const std::array<float, 4> floats = {kDenormalFloat, -kLargestFloat, -0.0f,
                                       std::numeric_limits<float>::infinity()};
  CHECK(out(lanes::load_doubles(floats.data())) ==
        out(Four{0x1p-149, -0x1.fffffep127, -0.0, kInfinity}));
}

TEST_CASE("operators on lanes round once and keep the signs of zeros") {
  const Doubles a = in(Four{1, -0.0, kLargest, kDenormal}),
                b = in(Four{0x1p-53, -0.0, kLargest, 2});
  CHECK(out(a + b) == out(Four{1, -0.0, kInfinity, 2}));
  CHECK(out(a - b) == out(Four{0x1.fffffffffffffp-1, 0, 0, -2}));
  CHECK(out(a * b) == out(Four{0x1p-53, 0, kInfinity, 2 * kDenormal}));
  CHECK(out(a / b) == out(Four{0x1p53, kNaN, 1, 0}));
  CHECK(out(a * -1.0) == out(Four{-1, 0, -kLargest, -kDenormal}));
  CHECK(out(1.0 - a) == out(Four{0, 1, -kLargest, 1}));
  CHECK(out(a / 2.0) == out(Four{0.5, -0.0, kLargest / 2, 0}));
  Doubles sum = a;
  sum += b;
  CHECK(out(sum) == out(a + b));
}

TEST_CASE("a fused multiply-add rounds once") {
  // (1 + e)^2 - (1 + 2e) is e^2, and 0 when the product is rounded.
  const double e = 0x1p-30;
  CHECK(out(lanes::multiply_add(in(Four{1 + e, kInfinity, 0, -0.0}), in(Four{1 + e, 0, 5, 1}),
                                in(Four{-(1 + 2 * e), 1, -0.0, -0.0}))) ==
        out(Four{e * e, kNaN, 0, -0.0}));
  const float f = 0x1p-15f;
  CHECK(out(lanes::multiply_add(lanes::spread(1 + f), lanes::spread(1 + f),
                                lanes::spread(-(1 + 2 * f)))) == out(lanes::spread(f * f)));
  // The product alone would overflow.
  CHECK(out(lanes::multiply_add(lanes::spread(kLargest), lanes::spread(2.0),
                                lanes::spread(-kLargest))) == out(lanes::spread(kLargest)));
  CHECK(out(lanes::multiply_add(lanes::spread(kLargestFloat), lanes::spread(2.0f),
                                lanes::spread(-kLargestFloat))) ==
        out(lanes::spread(kLargestFloat)));
}

TEST_CASE("a squared difference is rounded before it is squared") {
  const double e = 0x1p-53;
  CHECK(out(lanes::add_squared_difference(in(Four{0, 1, kInfinity, -1}), in(Four{1, 3, 1, e}),
                                          in(Four{e, 1, 1, -1}))) ==
        out(Four{std::fma(1 - e, 1 - e, 0.0), 5, kInfinity, 0}));
}

TEST_CASE("the lesser and the greater lane are the second one beside a NaN and of two zeros") {
  const Doubles a = in(Four{kNaN, 1, 0.0, -0.0}), b = in(Four{1, kNaN, -0.0, 0.0});
  CHECK(out(lanes::lesser_of(a, b)) == out(b));
  CHECK(out(lanes::greater_of(a, b)) == out(b));
  const Doubles c = in(Four{1, 2, -kInfinity, 3}), d = in(Four{2, 1, kInfinity, 3});
  CHECK(out(lanes::lesser_of(c, d)) == out(Four{1, 1, -kInfinity, 3}));
  CHECK(out(lanes::greater_of(c, d)) == out(Four{2, 2, kInfinity, 3}));
}

TEST_CASE("clamped lanes lie within the limit, and a NaN is the limit or stays") {
  const Doubles values = in(Four{5, -kInfinity, kNaN, -0.0});
  CHECK(out(lanes::clamp(values, 3)) == out(Four{3, -3, 3, -0.0}));
  CHECK(out(lanes::limited(values, 3)) == out(Four{3, -3, kNaN, -0.0}));
}

TEST_CASE("comparisons of lanes are false beside a NaN") {
  const Doubles a = in(Four{1, 2, kNaN, 0.0}), b = in(Four{2, 2, 1, -0.0});
  CHECK(chosen(lanes::less(a, b)) == Four{1, 0, 0, 0});
  CHECK(chosen(lanes::at_least(a, b)) == Four{0, 1, 0, 1});
  CHECK(chosen(lanes::less(b, a)) == Four{0, 0, 0, 0});
  CHECK(chosen(lanes::at_least(b, a)) == Four{1, 1, 0, 1});
  CHECK(chosen(lanes::is_nan(in(Four{kNaN, -kNaN, kInfinity, 0}))) == Four{1, 1, 0, 0});
  Four nans;
  lanes::store(lanes::with_one_nan(in(Four{-kNaN, kNaN, 3, -0.0})), nans.data());
  CHECK(std::bit_cast<std::uint64_t>(nans[0]) == std::bit_cast<std::uint64_t>(kNaN));
  CHECK((nans[2] == 3 && std::signbit(nans[3])));
}

TEST_CASE("magnitude and sign are the bits of a lane") {
  Four values;
  lanes::store(lanes::magnitude(in(Four{-kNaN, -0.0, -kInfinity, 2})), values.data());
  CHECK((std::isnan(values[0]) && !std::signbit(values[0])));
  CHECK((values[1] == 0 && !std::signbit(values[1]) && values[2] == kInfinity && values[3] == 2));
  CHECK(out(lanes::with_sign_of(in(Four{1, -2, 3, 0}), in(Four{-0.0, 5, -kNaN, -1}))) ==
        out(Four{-1, 2, -3, -0.0}));
}

TEST_CASE("lanes are rounded down, and powers of two have no rounding") {
  CHECK(out(lanes::floor(in(Four{-0.5, 0x1.8p52, -0.0, 2.9}))) == out(Four{-1, 0x1.8p52, -0.0, 2}));
  CHECK(out(lanes::floor(in(Four{kInfinity, kNaN, -kDenormal, -3}))) ==
        out(Four{kInfinity, kNaN, -1, -3}));
  CHECK(out(lanes::power_of_two(in(Four{-1022, 1023, 0, -1}))) ==
        out(Four{0x1p-1022, 0x1p1023, 1, 0.5}));
}

TEST_CASE("lanes are summed by halves of neighbours") {
  // In another order one of the ones would be lost beside the large value.
  const Eight a = {1, 0x1p24f, 1, -0x1p24f, 2, 3, 4, 5}, b = {0x1p24f, -0x1p24f, 1, 1, 1, 1, 1, 1};
  const Eight zero{}, ones = {1, 1, 1, 1, 1, 1, 1, 1};
  CHECK(out(lanes::sums_of(in(a), in(b), in(zero), in(ones))) == out(Four{14 + 1, 6, 0, 8}));
  const Four c = {1, 0x1p53, 1, -0x1p53}, d = {0x1p53, -0x1p53, 1, 1}, e = {1, 2, 3, 4};
  CHECK(out(lanes::sums_of(in(c), in(d), in(e), in(Four{}))) == out(Four{1, 2, 10, 0}));
}

TEST_CASE("rows of lanes become columns") {
  Floats floats[8];
  for (std::size_t i = 0; i < 8; ++i) {
    Eight row;
    for (std::size_t j = 0; j < 8; ++j) row[j] = static_cast<float>(10 * i + j);
    floats[i] = in(row);
  }
  lanes::transpose(floats);
  Doubles doubles[4];
  for (std::size_t i = 0; i < 4; ++i)
    doubles[i] = in(
        Four{10.0 * double(i), 10.0 * double(i) + 1, 10.0 * double(i) + 2, 10.0 * double(i) + 3});
  lanes::transpose(doubles);
  for (std::size_t i = 0; i < 8; ++i) {
    Eight column;
    for (std::size_t j = 0; j < 8; ++j) column[j] = static_cast<float>(10 * j + i);
    CHECK(out(floats[i]) == out(column));
  }
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(out(doubles[i]) == out(Four{double(i), 10 + double(i), 20 + double(i), 30 + double(i)}));
}

TEST_CASE("keys order floats, with NaN as +infinity and -0 before +0") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const Eight low = {-infinity, -kLargestFloat, -1, -kDenormalFloat, -0.0f, 0, 1, kLargestFloat};
  const Eight high = {-kLargestFloat, -1,          -kDenormalFloat, -0.0f, 0,
                      kDenormalFloat, float(kNaN), infinity};
  lanes::Keys least = lanes::keys_of(in(high)), greatest = lanes::keys_of(in(low));
  CHECK(out(lanes::floats_of(greatest)) == out(low));
  lanes::put_in_order(least, greatest);
  CHECK(out(lanes::floats_of(least)) == out(low));
  Eight expected = high;
  expected[6] = infinity;
  CHECK(out(lanes::floats_of(greatest)) == out(expected));
  lanes::put_in_order(least, greatest);
  CHECK(out(lanes::floats_of(least)) == out(low));
  CHECK(out(lanes::floats_of(lanes::keys_of(lanes::spread(-float(kNaN))))) ==
        out(lanes::spread(infinity)));
}

TEST_CASE("the midpoint of lanes is rounded once and does not overflow") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  CHECK(out(lanes::midpoint(in(Eight{1, kLargestFloat, -kLargestFloat, kDenormalFloat,
                                     3 * kDenormalFloat, -0.0f, infinity, kLargestFloat}),
                            in(Eight{2, kLargestFloat, -kLargestFloat, kDenormalFloat,
                                     kDenormalFloat, -0.0f, 1, -kLargestFloat}))) ==
        out(Eight{1.5f, kLargestFloat, -kLargestFloat, kDenormalFloat, 2 * kDenormalFloat, -0.0f,
                  infinity, 0}));
  CHECK(out(lanes::midpoint(in(Four{1, kLargest, -0.0, kInfinity}),
                            in(Four{2, kLargest, -0.0, 1}))) ==
        out(Four{1.5, kLargest, -0.0, kInfinity}));
}

}  // namespace byzsim::lanes_test
