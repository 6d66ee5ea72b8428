#include "core/exact/digest.h"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

namespace byzsim {

void Digest::add(std::string_view bytes) {
  value_ = XXH3_64bits_withSeed(bytes.data(), bytes.size(), value_);
}

void Digest::add(std::span<const std::uint64_t> words) {
  value_ = XXH3_64bits_withSeed(words.data(), words.size_bytes(), value_);
}

std::string Digest::hex() const { return to_hex(value_); }

std::uint64_t digest_of(std::span<const float> values) {
  return XXH3_64bits(values.data(), values.size_bytes());
}

struct BytesDigest::State {
  XXH3_state_t xxh3;
};

void BytesDigest::Free::operator()(State* state) const { delete state; }

BytesDigest::BytesDigest() : state_(new State) { XXH3_64bits_reset(&state_->xxh3); }

void BytesDigest::add(std::span<const float> values) {
  XXH3_64bits_update(&state_->xxh3, values.data(), values.size_bytes());
}

void BytesDigest::add(std::string_view bytes) {
  XXH3_64bits_update(&state_->xxh3, bytes.data(), bytes.size());
}

std::uint64_t BytesDigest::value() const { return XXH3_64bits_digest(&state_->xxh3); }

std::uint64_t digest_of(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

std::string to_hex(std::uint64_t value) { return fmt::format("{:016x}", value); }

}  // namespace byzsim
