#include "tests/bench/read_probe.h"

#include "core/kernels/lanes.h"

namespace byzsim::bench {

std::uint64_t or_of_all(std::span<const float* const> vectors, std::size_t dimension,
                        std::size_t ahead) {
  constexpr std::size_t kLine = 16;
  const auto load = [](const float* from) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  };
  __m256i low = _mm256_setzero_si256(), high = low;
  for (std::size_t c = 0; c + kLine <= dimension; c += kLine) {
    for (const float* vector : vectors) {
      if (ahead > 0) lanes::prefetch(vector + c, ahead);
      low = _mm256_or_si256(low, load(vector + c));
      high = _mm256_or_si256(high, load(vector + c + 8));
    }
  }
  const __m256i both = _mm256_or_si256(low, high);
  std::uint64_t words[4];
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(words), both);
  return words[0] | words[1] | words[2] | words[3];
}

}  // namespace byzsim::bench
