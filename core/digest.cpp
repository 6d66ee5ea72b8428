#include "core/digest.h"

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

std::uint64_t digest_of(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

std::string to_hex(std::uint64_t value) { return fmt::format("{:016x}", value); }

}  // namespace byzsim
