#include "sim/nodes/shared_distances.h"

#include <limits>
#include <optional>
#include <span>

#include "core/check.h"

namespace byzsim {
namespace {

// Quorums of a step: of more servers some distances are computed again.
constexpr std::size_t kMostMatrices = 8;
// Distances of shorter vectors are computed as quickly as they are found.
constexpr std::size_t kLeastDimension = 4096;
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

DistanceMatrix unknown_matrix(std::size_t n) {
  DistanceMatrix matrix(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) matrix.set(i, j, kUnknown);
  return matrix;
}

}  // namespace

DistanceMatrix SharedDistances::known_of(const std::vector<Payload>& vectors) {
  const std::size_t n = vectors.size();
  DistanceMatrix known = unknown_matrix(n);
  const std::lock_guard lock(mutex_);
  for (const Kept& kept : latest_) {
    std::vector<std::optional<std::size_t>> places;
    for (const Payload& vector : vectors) {
      const auto found = kept.places.find(vector.values().data());
      // Another vector may lie where one was that is gone.
      const bool same = found != kept.places.end() && kept.vectors[found->second].is_of(vector);
      places.push_back(same ? std::optional(found->second) : std::nullopt);
    }
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i + 1; places[i] && j < n; ++j)
        // A vector that came twice is at distance 0 from itself only where it is finite.
        if (places[j] && places[i] != places[j])
          known.set(i, j, kept.distances(*places[i], *places[j]));
  }
  return known;
}

void SharedDistances::keep(const std::vector<Payload>& vectors, const DistanceMatrix& distances) {
  Kept kept{{vectors.begin(), vectors.end()}, {}, distances};
  for (std::size_t i = 0; i < vectors.size(); ++i) kept.places[vectors[i].values().data()] = i;
  const std::lock_guard lock(mutex_);
  latest_.push_front(std::move(kept));
  if (latest_.size() > kMostMatrices) latest_.pop_back();
}

DistanceMatrix SharedDistances::of(const std::vector<Payload>& vectors, const Executor& executor) {
  BYZ_CHECK(!vectors.empty(), "distances are those of vectors");
  std::vector<const float*> pointers;
  for (const Payload& vector : vectors) pointers.push_back(vector.values().data());
  if (vectors[0].dimension() < kLeastDimension)
    return squared_distances(std::span<const float* const>(pointers), vectors[0].dimension(),
                             executor);
  DistanceMatrix distances = known_of(vectors);
  // Without the lock: the threads that help here may come to need it.
  complete_distances(pointers, vectors[0].dimension(), executor, distances);
  keep(vectors, distances);
  return distances;
}

}  // namespace byzsim
