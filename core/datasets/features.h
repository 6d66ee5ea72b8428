// The features of a data set's examples, however they are kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace byzsim {

/// What is subtracted from each value of a channel, and what the difference is divided by. Both
/// steps round to float32, as torchvision's do.
struct Normalisation {
  std::vector<float> means, deviations;  ///< one for each channel; deviations above 0
  std::size_t run = 1;  ///< values of one channel that lie next to each other; channels take turns

  std::size_t channels() const { return means.size(); }
  float of(std::size_t channel, float value) const {
    return (value - means[channel]) / deviations[channel];
  }
};

/// Features of examples, row by row; immutable once made. Images stay the bytes of their files,
/// each for a number in [0, 1]: a fourth of the memory. Normalised ones are kept as they were, and
/// normalised when they are copied.
class Features {
 public:
  using Bytes = std::vector<std::uint8_t>;

  /// Of no examples.
  Features() = default;
  /// Kept as they are, a float for each value.
  Features(std::vector<float> values) : kept_(std::move(values)) {}
  /// Byte b stands for b / 255, rounded to float32.
  static Features of_bytes(Bytes bytes);
  /// The same features, normalised from the first value on; not normalised before.
  Features normalised(Normalisation normalisation) &&;
  /// Some rows of `width` values, in which the values at `places` are `value` before normalisation:
  /// of bytes the nearest.
  Features painted(std::span<const std::size_t> rows, std::size_t width,
                   std::span<const std::size_t> places, float value) const;

  /// How many values there are: examples times features of one.
  std::size_t size() const;
  /// Writes as many values as fit, those from `begin` on. Throws InternalError beyond the last.
  void copy(std::size_t begin, std::span<float> to) const;
  /// What copy() would write at `place` of a row where the value kept there was `value`: of bytes
  /// the nearest. Rows begin with the first channel.
  float shown(std::size_t place, float value) const;
  /// A copy of all values, as copy() writes them.
  std::vector<float> values() const;
  /// The digest of the values' bits, the same for either way to keep them.
  std::uint64_t digest() const;

  /// Equal values.
  friend bool operator==(const Features& a, const Features& b) { return a.values() == b.values(); }

 private:
  // Whether normalised or not.
  void copy_kept(std::size_t begin, std::span<float> to) const;

  std::variant<std::vector<float>, Bytes> kept_;
  Normalisation normalisation_;  // without channels: none
};

}  // namespace byzsim
