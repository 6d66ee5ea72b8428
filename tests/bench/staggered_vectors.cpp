#include "tests/bench/staggered_vectors.h"

#include <cstdint>
#include <cstdlib>

#include <sys/mman.h>

#include "core/check.h"

namespace byzsim::bench {
namespace {

constexpr std::size_t kLargePage = std::size_t{2} << 20;
constexpr std::size_t kSmallPage = 4096;
constexpr std::size_t kStagger = 13 * 64;

std::size_t round_up(std::size_t value, std::size_t unit) {
  return (value + unit - 1) / unit * unit;
}

}  // namespace

StaggeredVectors::StaggeredVectors(std::size_t n, std::size_t dimension) : dimension_(dimension) {
  const std::size_t stride = round_up(dimension * sizeof(float), kSmallPage) + kStagger;
  const std::size_t size = round_up(n * stride, kLargePage);
  mapping_ = std::aligned_alloc(kLargePage, size);
  BYZ_CHECK(mapping_ != nullptr, "the vectors of a benchmark must fit into memory");
  madvise(mapping_, size, MADV_HUGEPAGE);  // without large pages only slower
  std::uint64_t state = 1;
  for (std::size_t i = 0; i < n; ++i) {
    float* const row = reinterpret_cast<float*>(static_cast<char*>(mapping_) + i * stride);
    for (std::size_t c = 0; c < dimension; ++c) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      row[c] = static_cast<float>(static_cast<std::int32_t>(state >> 32)) * 0x1p-31f;
    }
    pointers_.push_back(row);
  }
}

StaggeredVectors::~StaggeredVectors() { std::free(mapping_); }

}  // namespace byzsim::bench
