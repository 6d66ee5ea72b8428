#include "core/datasets/features.h"

#include <algorithm>
#include <array>

#include "core/check.h"
#include "core/exact/digest.h"

namespace byzsim {
namespace {

constexpr std::size_t kBlock = 4096;  // values made at once to be digested

}  // namespace

Features Features::of_bytes(Bytes bytes) {
  Features features;
  features.kept_ = std::move(bytes);
  return features;
}

std::size_t Features::size() const {
  return std::visit([](const auto& kept) { return kept.size(); }, kept_);
}

void Features::copy(std::size_t begin, std::span<float> to) const {
  BYZ_CHECK(begin <= size() && to.size() <= size() - begin, "the requested features exist");
  if (const auto* values = std::get_if<std::vector<float>>(&kept_)) {
    std::copy_n(values->data() + begin, to.size(), to.data());
    return;
  }
  const std::uint8_t* bytes = std::get<Bytes>(kept_).data() + begin;
  // A division, not a product with 1 / 255: the quotient is rounded once.
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<float>(bytes[i]) / 255.0f;
}

std::vector<float> Features::values() const {
  std::vector<float> values(size());
  copy(0, values);
  return values;
}

std::uint64_t Features::digest() const {
  if (const auto* values = std::get_if<std::vector<float>>(&kept_)) return digest_of(*values);
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
