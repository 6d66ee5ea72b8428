// Without branches on what is drawn, so that eight streams go through the same instructions.

#include "core/exact/first_draws.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

#include "core/check.h"
#include "core/exact/reduced_logarithm.h"

namespace byzsim {
namespace {

constexpr std::size_t kStreams = 8;

// Of Philox4x32 (Salmon et al., SC 2011): the multipliers, and what is added to the key a round.
constexpr std::uint32_t kMultiplier0 = 0xd2511f53, kMultiplier1 = 0xcd9e8d57;
constexpr std::uint32_t kWeyl0 = 0x9e3779b9, kWeyl1 = 0xbb67ae85;
constexpr int kPhiloxRounds = 10;

// A word of the counters of four streams, each in 64 bits: products need them.
using FourWords [[gnu::vector_size(32)]] = std::uint64_t;
using EightWords = std::array<std::uint64_t, kStreams>;

constexpr std::uint64_t kLowHalf = 0xffffffff;

// Of the lower halves of the words.
[[gnu::always_inline]] inline FourWords product(const FourWords& words, std::uint64_t multiplier) {
#if defined(__AVX2__) && !defined(__clang__)
  // gcc makes three multiplications of the expression below, clang one.
  using Halves [[gnu::vector_size(32)]] = int;
  const FourWords factor = FourWords{} | multiplier;
  return reinterpret_cast<FourWords>(
      __builtin_ia32_pmuludq256(reinterpret_cast<Halves>(words), reinterpret_cast<Halves>(factor)));
#else
  return (words & kLowHalf) * multiplier;
#endif
}

// The four words of each of four counters.
struct FourCounters {
  FourWords c0, c1, c2, c3;

  // Upper halves of c0 and c2 are left as they come: products do not see them.
  [[gnu::always_inline]] void turn(std::uint32_t key0, std::uint32_t key1) {
    const FourWords product0 = product(c0, kMultiplier0), product1 = product(c2, kMultiplier1);
    c0 = (product1 >> 32) ^ c1 ^ key0;
    c2 = (product0 >> 32) ^ c3 ^ key1;
    c1 = product1;
    c3 = product0;
  }
};

FourCounters counters_of(const StreamsName& name, const std::uint64_t* identities) {
  FourWords identity;
  std::memcpy(&identity, identities, sizeof identity);
  const std::uint64_t rest =
      (static_cast<std::uint64_t>(name.purpose) << 56) | (name.counter >> 32);
  const FourWords high = identity << 8 | rest;
  return {FourWords{}, FourWords{} | (name.counter & kLowHalf), high, high >> 32};
}

// The first two words of the first block of each.
void first_block(const StreamsName& name, const EightWords& identities, EightWords& bits) {
  std::array<FourCounters, 2> counters = {counters_of(name, identities.data()),
                                          counters_of(name, identities.data() + 4)};
  auto key0 = static_cast<std::uint32_t>(name.seed);
  auto key1 = static_cast<std::uint32_t>(name.seed >> 32);
  for (int round = 0; round < kPhiloxRounds; ++round) {
    for (FourCounters& each : counters) each.turn(key0, key1);
    key0 += kWeyl0;
    key1 += kWeyl1;
  }
  for (std::size_t i = 0; i < counters.size(); ++i) {
    const FourWords drawn = (counters[i].c0 & kLowHalf) | counters[i].c1 << 32;
    std::memcpy(bits.data() + 4 * i, &drawn, sizeof drawn);
  }
}

}  // namespace

void first_bits(const StreamsName& name, std::span<const std::uint64_t> identities,
                std::span<std::uint64_t> bits) {
  BYZ_CHECK(identities.size() == bits.size(), "every stream has a draw");
  BYZ_CHECK(name.counter < (std::uint64_t{1} << 40), "a stream's counter has 40 bits");
  for (std::size_t begin = 0; begin < identities.size(); begin += kStreams) {
    const std::size_t count = std::min(kStreams, identities.size() - begin);
    EightWords some{}, drawn;
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < count; ++i) all |= some[i] = identities[begin + i];
    BYZ_CHECK(all < (std::uint64_t{1} << 48), "a stream's identity has 48 bits");
    first_block(name, some, drawn);
    std::copy_n(drawn.begin(), count, bits.begin() + static_cast<std::ptrdiff_t>(begin));
  }
}

void exponentials_of(std::span<const std::uint64_t> bits, std::span<double> values) {
  BYZ_CHECK(bits.size() == values.size(), "every draw has a value");
  for (std::size_t i = 0; i < bits.size(); ++i) {
    // Exact: 52 bits below a one are a double in [1, 2); half a step off both ends as in Stream.
    const double above_one = std::bit_cast<double>(bits[i] >> 12 | std::uint64_t{0x3ff} << 52);
    values[i] = -portable::log_of_normal((above_one - 1.0) + 0x1p-53);
  }
}

}  // namespace byzsim
