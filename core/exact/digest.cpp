// XXH3 is inlined, so that a digest of a few words costs no call.

#include "core/exact/digest.h"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <limits>

namespace byzsim {
namespace {

// Values looked at while they are in the first-level cache.
constexpr std::size_t kSettledAtOnce = 1024;

bool has_nan(std::span<const float> values) {
  int nans = 0;  // without a branch, so that it is vectorised
  for (const float value : values) nans |= value != value;
  return nans != 0;
}

// The bits of a NaN depend on the processor that made it.
void add_settled(XXH3_state_t& state, std::span<const float> values) {
  std::array<float, kSettledAtOnce> settled;
  while (!values.empty()) {
    const auto block = values.first(std::min(values.size(), kSettledAtOnce));
    values = values.subspan(block.size());
    const float* from = block.data();
    if (has_nan(block)) {
      std::replace_copy_if(
          block.begin(), block.end(), settled.begin(), [](float value) { return value != value; },
          std::numeric_limits<float>::quiet_NaN());
      from = settled.data();
    }
    XXH3_64bits_update(&state, from, block.size_bytes());
  }
}

}  // namespace

void Digest::add(std::string_view bytes) {
  // The digest so far is the seed: the order of records counts.
  value_ = XXH3_64bits_withSeed(bytes.data(), bytes.size(), value_);
}

void Digest::add(std::span<const std::uint64_t> words) {
  // The record of an event: with its size in sight the hash is a few straight instructions.
  constexpr std::size_t kEventWords = 5;
  if (words.size() == kEventWords)
    value_ = XXH3_64bits_withSeed(words.data(), kEventWords * sizeof(std::uint64_t), value_);
  else
    value_ = XXH3_64bits_withSeed(words.data(), words.size_bytes(), value_);
}

std::string Digest::hex() const { return to_hex(value_); }

std::uint64_t digest_of(std::span<const float> values) {
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  add_settled(state, values);
  return XXH3_64bits_digest(&state);
}

struct BytesDigest::State {
  XXH3_state_t xxh3;
};

void BytesDigest::Free::operator()(State* state) const { delete state; }

BytesDigest::BytesDigest() : state_(new State) { XXH3_64bits_reset(&state_->xxh3); }

void BytesDigest::add(std::span<const float> values) { add_settled(state_->xxh3, values); }

void BytesDigest::add(std::string_view bytes) {
  XXH3_64bits_update(&state_->xxh3, bytes.data(), bytes.size());
}

std::uint64_t BytesDigest::value() const { return XXH3_64bits_digest(&state_->xxh3); }

std::uint64_t digest_of(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

std::string to_hex(std::uint64_t value) { return fmt::format("{:016x}", value); }

}  // namespace byzsim
