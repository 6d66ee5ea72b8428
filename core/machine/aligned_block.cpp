#include "core/machine/aligned_block.h"

#include <cstdlib>
#include <limits>

namespace byzsim {
namespace {

constexpr std::size_t kLine = 64, kPage = 4096;

}  // namespace

void* aligned_block(std::size_t bytes) {
  if (bytes < kPage) return std::malloc(bytes);
  if (bytes > std::numeric_limits<std::size_t>::max() - kLine) return nullptr;
  return std::aligned_alloc(kLine, (bytes + kLine - 1) / kLine * kLine);
}

}  // namespace byzsim
