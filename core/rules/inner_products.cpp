#include "core/rules/inner_products.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/check.h"
#include "core/machine/shards.h"

namespace byzsim {
namespace {

// In lanes that are folded in order: the same bits for every width of registers.
template <class Real>
double product_in_lanes(const Real* a, const Real* b, std::size_t count) {
  constexpr std::size_t kLanes = 8;
  std::array<double, kLanes> lanes{};
  std::size_t c = 0;
  for (; c + kLanes <= count; c += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      lanes[lane] += double(a[c + lane]) * double(b[c + lane]);
  for (std::size_t lane = 0; c < count; ++c, ++lane) lanes[lane] += double(a[c]) * double(b[c]);
  double sum = 0;
  for (const double each : lanes) sum += each;
  return sum;
}

}  // namespace

template <class Real>
SymmetricMatrix inner_products(std::span<const Real* const> vectors, std::size_t dimension,
                               const Executor& executor) {
  const std::size_t n = vectors.size(), pairs = n * (n + 1) / 2;
  std::vector<double> sums(shard_count(dimension) * pairs);
  for_each_shard(executor, dimension, [&](Shard shard, std::size_t index) {
    double* sum = sums.data() + index * pairs;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i; j < n; ++j)
        *sum++ = product_in_lanes(vectors[i] + shard.begin, vectors[j] + shard.begin, shard.size());
  });
  SymmetricMatrix products(n);
  for (std::size_t i = 0, pair = 0; i < n; ++i)
    for (std::size_t j = i; j < n; ++j, ++pair) {
      double total = 0;
      for (std::size_t at = pair; at < sums.size(); at += pairs) total += sums[at];
      products.set(i, j, total);
    }
  return products;
}

double length_of(const SymmetricMatrix& products, std::size_t i) {
  return std::sqrt(products(i, i));
}

double cosine_between(const SymmetricMatrix& products, std::size_t i, std::size_t j) {
  const double first = length_of(products, i), second = length_of(products, j);
  // One after the other: the product of both may overflow.
  if (first == 0 || second == 0) return 0;
  return std::clamp(products(i, j) / first / second, -1.0, 1.0);
}

std::vector<std::size_t> with_finite_length(const SymmetricMatrix& products) {
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < products.n(); ++i)
    if (std::isfinite(products(i, i))) indices.push_back(i);
  return indices;
}

template <class Real>
void sum_of_directions(std::span<const Real* const> vectors, std::span<const double> lengths,
                       std::span<const double> factors, std::size_t dimension,
                       const Executor& executor, Real* out) {
  BYZ_CHECK(lengths.size() == vectors.size() && factors.size() == vectors.size(),
            "every vector has a length and a factor");
  for_each_shard(executor, dimension, [&](Shard shard, std::size_t) {
    std::vector<double> sums(shard.size(), 0.0);
    for (std::size_t i = 0; i < vectors.size(); ++i)
      if (factors[i] != 0)
        for (std::size_t c = 0; c < sums.size(); ++c)
          // The quotient is at most 1, so that no product overflows before the sum does.
          sums[c] += factors[i] * (double(vectors[i][shard.begin + c]) / lengths[i]);
    for (std::size_t c = 0; c < sums.size(); ++c) out[shard.begin + c] = static_cast<Real>(sums[c]);
  });
}

#define BYZ_INSTANTIATE(Real)                                                            \
  template SymmetricMatrix inner_products(std::span<const Real* const>, std::size_t,     \
                                          const Executor&);                              \
  template void sum_of_directions(std::span<const Real* const>, std::span<const double>, \
                                  std::span<const double>, std::size_t, const Executor&, Real*);
BYZ_INSTANTIATE(float)
BYZ_INSTANTIATE(double)
#undef BYZ_INSTANTIATE

}  // namespace byzsim
