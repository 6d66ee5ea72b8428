// Vectors made of others: what every pre-aggregation comes down to. Said in indices and factors, so
// that coordinates can be mixed piece by piece where they are needed.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/machine/parallel.h"
#include "core/machine/shards.h"

namespace byzsim {

/// `factor` times the mean of the vectors `of`, summed in double in that order; the zero vector
/// when there are none.
struct Mixture {
  std::vector<std::size_t> of;
  double factor = 1;
};

/// Coordinates that are converted to double at once where vectors enter several means: few enough
/// for the first-level cache.
constexpr std::size_t kMixedAtOnce = 128;

/// Computes mixtures of n vectors; both outlive it.
template <class Real>
class Mixer {
 public:
  Mixer(std::span<const Mixture> mixtures, std::span<const Real* const> vectors);

  /// Writes the coordinates of the range of the i-th mixture to rows[i][0], rows[i][1], ...
  void write(Shard range, std::span<Real* const> rows);

 private:
  void write_converted(Shard range, std::span<Real* const> rows);

  std::span<const Mixture> mixtures_;
  std::span<const Real* const> vectors_;
  // Where vectors enter several means: kMixedAtOnce coordinates of each in double, and which of
  // them each mixture takes.
  struct alignas(64) Converted {
    double values[kMixedAtOnce];
  };
  std::vector<Converted> block_;
  std::vector<std::vector<const double*>> converted_;
};

/// Vectors of one dimension, each with memory of its own.
template <class Real>
using VectorList = std::vector<std::vector<Real>>;

/// All mixtures, whole.
template <class Real>
VectorList<Real> mixed_vectors(std::span<const Mixture> mixtures,
                               std::span<const Real* const> vectors, std::size_t dimension,
                               const Executor& executor);

}  // namespace byzsim
