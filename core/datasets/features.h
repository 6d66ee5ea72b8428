// The features of a data set's examples, however they are kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace byzsim {

/// Features of examples, row by row; immutable once made. Images stay the bytes of their files,
/// each for a number in [0, 1]: a fourth of the memory.
class Features {
 public:
  using Bytes = std::vector<std::uint8_t>;

  /// Of no examples.
  Features() = default;
  /// Kept as they are, a float for each value.
  Features(std::vector<float> values) : kept_(std::move(values)) {}
  /// Byte b stands for b / 255, rounded to float32.
  static Features of_bytes(Bytes bytes);

  /// How many values there are: examples times features of one.
  std::size_t size() const;
  /// Writes as many values as fit, those from `begin` on. Throws InternalError beyond the last.
  void copy(std::size_t begin, std::span<float> to) const;
  /// A copy of all values, as copy() writes them.
  std::vector<float> values() const;
  /// The digest of the values' bits, the same for either way to keep them.
  std::uint64_t digest() const;

  /// Equal values.
  friend bool operator==(const Features& a, const Features& b) { return a.values() == b.values(); }

 private:
  std::variant<std::vector<float>, Bytes> kept_;
};

}  // namespace byzsim
