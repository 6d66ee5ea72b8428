// The significand is dropped and, with its value as the probability, 1 is added to the exponent:
// E[C(x)] = x without any arithmetic but on integers. So subnormal numbers become 0 or the smallest
// normal one, and an infinity or a NaN the infinity of its sign. Only the largest exponent has no
// next one: there values are rounded down.
#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "core/compressors/compressor.h"
#include "core/machine/shards.h"

namespace byzsim::compressors_list {
namespace {

template <class Real>
Real rounded_to_power(Real value, std::uint64_t drawn) {
  using Bits = std::conditional_t<std::is_same_v<Real, float>, std::uint32_t, std::uint64_t>;
  constexpr int kSignificand = std::numeric_limits<Real>::digits - 1;
  constexpr Bits kUnit = Bits{1} << kSignificand;
  const auto bits = std::bit_cast<Bits>(value);
  const Bits significand = bits & (kUnit - 1), power = bits - significand;
  // Of the sign no matter: it is above the exponent.
  const Bits exponent = (power << 1) >> (kSignificand + 1);
  constexpr Bits kLargest = std::numeric_limits<Real>::max_exponent * 2 - 2;
  const bool up = exponent < kLargest && (drawn >> (64 - kSignificand)) < significand;
  return std::bit_cast<Real>(static_cast<Bits>(up ? power + kUnit : power));
}

template <class Real>
void compress_natural(const CompressorInput<Real>& input, Real* out) {
  for_each_shard(input.executor, input.vector.size(), [&](Shard shard, std::size_t) {
    // One draw a coordinate, needed or not: where a shard begins is known without the others.
    Stream stream = input.stream;
    stream.skip(shard.begin);
    for (std::size_t j = shard.begin; j < shard.end; ++j)
      out[j] = rounded_to_power(input.vector[j], stream.bits());
  });
}

}  // namespace

Compressor natural() {
  return {
      .declaration = {.name = "natural",
                      .summary = "every coordinate randomly rounded to one of the two powers of "
                                 "two around it",
                      .source = "natural compression of Horvath et al.; a NaN becomes an "
                                "infinity of its sign",
                      .aliases = {"natural_compression"}},
      .compress_float = compress_natural<float>,
      .compress_double = compress_natural<double>,
      .bytes =
          [](const Parameters&, std::size_t dimension) {
            return (9 * static_cast<std::int64_t>(dimension) + 7) / 8;
          },
      .variance = [](const Parameters&, std::size_t) { return 0.125; },
      .size = "9d/8: a sign and 8 bits of exponent a coordinate",
      .error =
          "unbiased with omega = 1/8 (but for subnormal values, and those above the "
          "largest power of two, which are rounded down)"};
}

}  // namespace byzsim::compressors_list
