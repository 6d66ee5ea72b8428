// One pass over the vectors that have a weight, in their order, each product fused with the sum.

#include "core/kernels/weighted_mean.h"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "core/kernels/lane_group.h"
#include "core/machine/shards.h"

namespace byzsim {
namespace {

using lanes::each;
using lanes::Group;

template <class Real>
[[gnu::always_inline]] inline Group sum_at(std::span<const Real* const> rows,
                                           std::span<const double> weights, std::size_t c) {
  Group sum = each([](std::size_t) { return lanes::spread(0.0); });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const lanes::Doubles weight = lanes::spread(weights[i]);
    const Group values = lanes::load_group(rows[i] + c);
    sum = each(
        [&](std::size_t k) { return lanes::multiply_add(weight, values.part[k], sum.part[k]); });
  }
  lanes::prefetch_rows(rows, c);
  // Rounding may carry a mean of the largest values just beyond them.
  const double largest = std::numeric_limits<Real>::max();
  return each([&](std::size_t k) { return lanes::limited(sum.part[k], largest); });
}

template <class Real>
void of_shard(std::span<const Real* const> rows, std::span<const double> weights, Shard shard,
              Real* out) {
  const std::size_t rest = shard.size() % Group::kSize;
  std::size_t c = shard.begin;
  for (; c < shard.end - rest; c += Group::kSize)
    lanes::store_group(sum_at(rows, weights, c), out + c);
  if (rest == 0) return;
  // The last coordinates, where there is room for a group.
  std::vector<Real> copies(rows.size() * Group::kSize);
  std::vector<const Real*> copied;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::copy_n(rows[i] + c, rest, copies.data() + i * Group::kSize);
    copied.push_back(copies.data() + i * Group::kSize);
  }
  std::array<Real, Group::kSize> sums;
  lanes::store_group(sum_at<Real>(copied, weights, 0), sums.data());
  std::copy_n(sums.data(), rest, out + c);
}

}  // namespace

template <class Real>
void weighted_mean(std::span<const Real* const> vectors, std::span<const double> weights,
                   std::size_t dimension, const Executor& executor, Real* out) {
  std::vector<const Real*> rows;
  std::vector<double> used;
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    // 0 times an infinity would be NaN: a vector without weight must leave no trace.
    if (weights[i] == 0 || vectors[i] == nullptr) continue;
    rows.push_back(vectors[i]);
    used.push_back(weights[i]);
  }
  for_each_shard(executor, dimension,
                 [&](Shard shard, std::size_t) { of_shard<Real>(rows, used, shard, out); });
}

template void weighted_mean(std::span<const float* const>, std::span<const double>, std::size_t,
                            const Executor&, float*);
template void weighted_mean(std::span<const double* const>, std::span<const double>, std::size_t,
                            const Executor&, double*);

}  // namespace byzsim
