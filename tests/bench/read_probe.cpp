#include "tests/bench/read_probe.h"

#include <array>
#include <cstring>

#include "core/kernels/lanes.h"

namespace byzsim::bench {
namespace {

constexpr std::size_t kLine = 16;  // floats

// A register.
using Words [[gnu::vector_size(32)]] = std::uint64_t;

// `lines` is a constant, so that the loop over a stretch is unrolled.
template <std::size_t lines>
Words or_of_stretches(std::span<const float* const> vectors, std::size_t dimension,
                      std::size_t ahead) {
  constexpr std::size_t kStretch = lines * kLine;
  Words low{}, high{};
  const auto load = [](const float* from) {
    Words words;
    std::memcpy(&words, from, sizeof words);
    return words;
  };
  for (std::size_t begin = 0; begin + kStretch <= dimension; begin += kStretch)
    for (const float* const vector : vectors)
      for (std::size_t c = begin; c < begin + kStretch; c += kLine) {
        if (ahead > 0) lanes::prefetch(vector + c, ahead);
        low |= load(vector + c);
        high |= load(vector + c + kLine / 2);
      }
  return low | high;
}

}  // namespace

std::uint64_t or_of_all(std::span<const float* const> vectors, std::size_t dimension,
                        std::size_t lines, std::size_t ahead) {
  const auto read = lines == 1   ? or_of_stretches<1>
                    : lines == 4 ? or_of_stretches<4>
                                 : or_of_stretches<8>;
  const Words bits = read(vectors, dimension, ahead);
  std::array<std::uint64_t, 4> words;
  std::memcpy(words.data(), &bits, sizeof words);
  return words[0] | words[1] | words[2] | words[3];
}

}  // namespace byzsim::bench
