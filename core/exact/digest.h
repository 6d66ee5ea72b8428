// 64-bit digests of what happened, in order. A digest is a value: copying it is copying the
// history.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace byzsim {

/// A running digest: every record is hashed (XXH3, 64 bits) with the digest so far as its seed.
class Digest {
 public:
  void add(std::string_view bytes);
  /// A record of several numbers.
  void add(std::span<const std::uint64_t> words);
  void add(std::initializer_list<std::uint64_t> words) {
    add(std::span<const std::uint64_t>(words.begin(), words.size()));
  }
  std::uint64_t value() const { return value_; }
  /// As 16 lower-case hex digits.
  std::string hex() const;
  friend bool operator==(const Digest&, const Digest&) = default;
  /// For an archive (core/input/archive.h).
  template <class Archive>
  void walk(Archive& archive) {
    archive.all(*this, value_);
  }

 private:
  std::uint64_t value_ = 0;
};

/// The digest of a vector's bits; every NaN counts as the same one.
std::uint64_t digest_of(std::span<const float> values);
/// The digest of bytes that come piece by piece: of a vector's, or of a text's.
class BytesDigest {
 public:
  /// Of no bytes yet. How they are cut into pieces makes no difference.
  BytesDigest();
  void add(std::span<const float> values);
  void add(std::string_view bytes);
  std::uint64_t value() const;

 private:
  // Hides xxHash.
  struct State;
  struct Free {
    void operator()(State* state) const;
  };
  std::unique_ptr<State, Free> state_;
};
/// The digest of a text.
std::uint64_t digest_of(std::string_view text);
/// 16 lower-case hex digits.
std::string to_hex(std::uint64_t value);

}  // namespace byzsim
