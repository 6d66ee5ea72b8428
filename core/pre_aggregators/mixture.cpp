// Two ways with the same bits: floats converted as they are added or, where vectors enter several
// means, once before.

#include "core/pre_aggregators/mixture.h"

#include <algorithm>

#include "core/kernels/lanes.h"
#include "core/kernels/vector_kernels.h"

namespace byzsim {
namespace {

// Asks for the coordinates that are converted next.
template <class Real>
void prefetch_block(const Real* next) {
  for (std::size_t bytes = 0; bytes < kMixedAtOnce * sizeof(Real); bytes += 64)
    lanes::prefetch(next, bytes);
}

}  // namespace

template <class Real>
Mixer<Real>::Mixer(std::span<const Mixture> mixtures, std::span<const Real* const> vectors)
    : mixtures_(mixtures), vectors_(vectors) {
  std::size_t entries = 0;
  for (const Mixture& mixture : mixtures) entries += mixture.of.size();
  // Each vector is used once or less on average: to convert it before would save nothing.
  if (entries <= vectors.size()) return;
  block_.resize(vectors.size());
  for (const Mixture& mixture : mixtures) {
    converted_.emplace_back();
    for (const std::size_t i : mixture.of) converted_.back().push_back(block_[i].values);
  }
}

template <class Real>
void Mixer<Real>::write_converted(Shard range, std::span<Real* const> rows) {
  for (std::size_t begin = range.begin; begin < range.end; begin += kMixedAtOnce) {
    const std::size_t count = std::min(kMixedAtOnce, range.end - begin);
    for (std::size_t i = 0; i < vectors_.size(); ++i) {
      prefetch_block(vectors_[i] + begin + kMixedAtOnce);
      std::copy_n(vectors_[i] + begin, count, block_[i].values);
    }
    for (std::size_t i = 0; i < converted_.size(); ++i)
      if (!converted_[i].empty())
        mean_of(std::span<const double* const>(converted_[i]), 0, count,
                rows[i] + (begin - range.begin));
  }
}

template <class Real>
void Mixer<Real>::write(Shard range, std::span<Real* const> rows) {
  if (!converted_.empty()) write_converted(range, rows);
  std::vector<const Real*> taken;
  for (std::size_t i = 0; i < mixtures_.size(); ++i) {
    const Mixture& mixture = mixtures_[i];
    if (mixture.of.empty()) std::fill_n(rows[i], range.size(), Real{0});
    if (converted_.empty() && !mixture.of.empty()) {
      taken.clear();
      for (const std::size_t of : mixture.of) taken.push_back(vectors_[of] + range.begin);
      mean_of(std::span<const Real* const>(taken), 0, range.size(), rows[i]);
    }
    // After the mean, and rounded once more.
    if (mixture.factor == 1) continue;
    for (Real* value = rows[i]; value != rows[i] + range.size(); ++value)
      *value = static_cast<Real>(mixture.factor * static_cast<double>(*value));
  }
}

template <class Real>
VectorList<Real> mixed_vectors(std::span<const Mixture> mixtures,
                               std::span<const Real* const> vectors, std::size_t dimension,
                               const Executor& executor) {
  VectorList<Real> mixed(mixtures.size(), std::vector<Real>(dimension));
  for_each_shard(executor, dimension, [&](Shard shard, std::size_t) {
    std::vector<Real*> rows;
    for (std::vector<Real>& vector : mixed) rows.push_back(vector.data() + shard.begin);
    Mixer<Real>(mixtures, vectors).write(shard, rows);
  });
  return mixed;
}

template class Mixer<float>;
template class Mixer<double>;
template VectorList<float> mixed_vectors(std::span<const Mixture>, std::span<const float* const>,
                                         std::size_t, const Executor&);
template VectorList<double> mixed_vectors(std::span<const Mixture>, std::span<const double* const>,
                                          std::size_t, const Executor&);

}  // namespace byzsim
