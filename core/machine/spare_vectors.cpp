#include "core/machine/spare_vectors.h"

#include <utility>

namespace byzsim {
namespace {

// Bytes of spare vectors at most (256 MiB): as many as a few hundred nodes use in turns.
constexpr std::size_t kMostBytes = std::size_t{1} << 28;
// Shorter ones are made as quickly as they are found.
constexpr std::size_t kLeastSize = 1024;

}  // namespace

std::vector<float> SpareVectors::take(std::size_t size) {
  {
    const std::lock_guard lock(mutex_);
    // The one used last, which may still be in the cache.
    if (!spare_.empty() && spare_.back().size() == size) {
      std::vector<float> vector = std::move(spare_.back());
      spare_.pop_back();
      return vector;
    }
  }
  return std::vector<float>(size);
}

void SpareVectors::give_back(std::vector<float>&& vector) {
  if (vector.size() < kLeastSize) return;
  std::vector<std::vector<float>> other;  // freed without the lock
  const std::lock_guard lock(mutex_);
  if (!spare_.empty() && spare_.back().size() != vector.size()) other.swap(spare_);
  if ((spare_.size() + 1) * vector.size() * sizeof(float) > kMostBytes) return;
  spare_.push_back(std::move(vector));
}

}  // namespace byzsim
