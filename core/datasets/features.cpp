#include "core/datasets/features.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/check.h"
#include "core/exact/digest.h"

namespace byzsim {
namespace {

constexpr std::size_t kBlock = 4096;  // values made at once to be digested

std::uint8_t nearest_byte(float value) {
  return static_cast<std::uint8_t>(std::floor(std::clamp(value, 0.0f, 1.0f) * 255.0f + 0.5f));
}

// A division, not a product with 1 / 255: the quotient is rounded once.
float shade_of(std::uint8_t byte) { return static_cast<float>(byte) / 255.0f; }

template <class Kept>
Kept kept_rows(const Kept& kept, std::span<const std::size_t> rows, std::size_t width) {
  Kept some;
  some.reserve(rows.size() * width);
  for (const std::size_t row : rows) {
    const auto first = kept.begin() + static_cast<std::ptrdiff_t>(row * width);
    some.insert(some.end(), first, first + static_cast<std::ptrdiff_t>(width));
  }
  return some;
}

}  // namespace

Features Features::of_bytes(Bytes bytes) {
  Features features;
  features.kept_ = std::move(bytes);
  return features;
}

Features Features::normalised(Normalisation normalisation) && {
  BYZ_CHECK(normalisation_.channels() == 0, "features are normalised once");
  BYZ_CHECK(normalisation.deviations.size() == normalisation.channels() && normalisation.run > 0,
            "every channel has a mean and a deviation");
  normalisation_ = std::move(normalisation);
  return std::move(*this);
}

Features Features::painted(std::span<const std::size_t> rows, std::size_t width,
                           std::span<const std::size_t> places, float value) const {
  Features result;
  result.normalisation_ = normalisation_;
  for (const std::size_t row : rows)
    BYZ_CHECK((row + 1) * width <= size(), "the requested rows exist");
  const auto paint = [&](auto& kept, auto painted) {
    for (std::size_t row = 0; row < rows.size(); ++row)
      for (const std::size_t place : places) kept[row * width + place] = painted;
  };
  if (const auto* values = std::get_if<std::vector<float>>(&kept_)) {
    std::vector<float> some = kept_rows(*values, rows, width);
    paint(some, value);
    result.kept_ = std::move(some);
  } else {
    Bytes some = kept_rows(std::get<Bytes>(kept_), rows, width);
    paint(some, nearest_byte(value));
    result.kept_ = std::move(some);
  }
  return result;
}

std::size_t Features::size() const {
  return std::visit([](const auto& kept) { return kept.size(); }, kept_);
}

void Features::copy(std::size_t begin, std::span<float> to) const {
  copy_kept(begin, to);
  if (normalisation_.channels() == 0) return;
  const std::size_t run = normalisation_.run;
  for (std::size_t at = 0; at < to.size();) {
    const std::size_t channel = (begin + at) / run % normalisation_.channels();
    const std::size_t end = std::min(to.size(), at + run - (begin + at) % run);
    for (; at < end; ++at) to[at] = normalisation_.of(channel, to[at]);
  }
}

float Features::shown(std::size_t place, float value) const {
  if (std::holds_alternative<Bytes>(kept_)) value = shade_of(nearest_byte(value));
  if (normalisation_.channels() == 0) return value;
  return normalisation_.of(place / normalisation_.run % normalisation_.channels(), value);
}

void Features::copy_kept(std::size_t begin, std::span<float> to) const {
  BYZ_CHECK(begin <= size() && to.size() <= size() - begin, "the requested features exist");
  if (const auto* values = std::get_if<std::vector<float>>(&kept_)) {
    std::copy_n(values->data() + begin, to.size(), to.data());
    return;
  }
  const std::uint8_t* bytes = std::get<Bytes>(kept_).data() + begin;
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = shade_of(bytes[i]);
}

std::vector<float> Features::values() const {
  std::vector<float> values(size());
  copy(0, values);
  return values;
}

std::uint64_t Features::digest() const {
  const auto* values = std::get_if<std::vector<float>>(&kept_);
  if (values != nullptr && normalisation_.channels() == 0) return digest_of(*values);
  BytesDigest digest;
  // The digest is of the values, piece by piece: in memory as a whole they take four times the
  // bytes.
  std::array<float, kBlock> block;
  for (std::size_t begin = 0; begin < size(); begin += kBlock) {
    const std::span<float> used(block.data(), std::min(kBlock, size() - begin));
    copy(begin, used);
    digest.add(used);
  }
  return digest.value();
}

}  // namespace byzsim
