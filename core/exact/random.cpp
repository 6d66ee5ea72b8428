// The layout of the counter makes streams disjoint; changing it changes every draw of every run.

#include "core/exact/random.h"

#include <Random123/philox.h>

#include "core/check.h"
#include "core/exact/portable_math.h"

namespace byzsim {
namespace {

__extension__ using Wide = unsigned __int128;

std::uint32_t low_word(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
std::uint32_t high_word(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

}  // namespace

Stream::Stream(std::uint64_t seed, Purpose purpose, std::uint64_t identity, std::uint64_t counter)
    : key_{low_word(seed), high_word(seed)} {
  // Beyond its bits an identity would run into the purpose, and two streams would be one.
  BYZ_CHECK(identity < (std::uint64_t{1} << 48), "a stream's identity has 48 bits");
  BYZ_CHECK(counter < (std::uint64_t{1} << 40), "a stream's counter has 40 bits");
  const std::uint64_t high =
      (static_cast<std::uint64_t>(purpose) << 56) | (identity << 8) | (counter >> 32);
  counter_ = {0, low_word(counter), low_word(high), high_word(high)};
}

void Stream::refill() {
  const r123::Philox4x32::ctr_type counter = {{counter_[0], counter_[1], counter_[2], counter_[3]}};
  const r123::Philox4x32::key_type key = {{key_[0], key_[1]}};
  const auto words = r123::Philox4x32{}(counter, key);
  block_ = {words[0] | (std::uint64_t{words[1]} << 32), words[2] | (std::uint64_t{words[3]} << 32)};
  left_ = 2;
  BYZ_CHECK(++counter_[0] != 0, "a stream holds 2^33 draws");
}

std::uint64_t Stream::bits() {
  if (left_ == 0) refill();
  return block_[static_cast<std::size_t>(2 - left_--)];
}

void Stream::skip(std::uint64_t draws) {
  // What is left of the present block first, then whole blocks without computing them.
  for (; left_ > 0 && draws > 0; --draws) --left_;
  const std::uint64_t blocks = draws / 2;
  BYZ_CHECK(blocks < std::uint64_t{0xffffffff} - counter_[0], "a stream holds 2^33 draws");
  counter_[0] += static_cast<std::uint32_t>(blocks);
  if (draws % 2 == 1) bits();
}

// As many bits as a double's fraction holds: nothing is rounded.
double Stream::uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }

// Half a step off both ends: a logarithm of it is finite, and so is a normal quantile.
double Stream::uniform_open() { return (static_cast<double>(bits() >> 12) + 0.5) * 0x1p-52; }

double Stream::uniform(double low, double high) { return low + (high - low) * uniform(); }

double Stream::normal() { return portable::normal_quantile(uniform_open()); }

double Stream::exponential() { return -portable::log(uniform_open()); }

std::uint64_t Stream::below(std::uint64_t bound) {
  BYZ_CHECK(bound >= 1, "a draw below 0 does not exist");
  Wide product = static_cast<Wide>(bits()) * bound;
  // Only then may the draw be one that would favour some numbers; the division is rarely needed.
  if (static_cast<std::uint64_t>(product) < bound) {
    const std::uint64_t reject_below = (0 - bound) % bound;
    while (static_cast<std::uint64_t>(product) < reject_below)
      product = static_cast<Wide>(bits()) * bound;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

}  // namespace byzsim
