// Every selection is a total order, by score and then index, so that it has one answer whatever
// sorts it.

#include "core/rules/selection.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "core/kernels/vector_kernels.h"
#include "core/machine/shards.h"

namespace byzsim {
namespace {

// Puts the `count` first of the order in front, in order.
template <class Before>
void sort_front(std::vector<std::size_t>& indices, std::size_t count, const Before& before) {
  const auto front = indices.begin() + static_cast<std::ptrdiff_t>(count);
  std::partial_sort(indices.begin(), front, indices.end(), before);
}

}  // namespace

template <class Real>
std::vector<std::size_t> least_scored(const RuleInput<Real>& input, std::span<const double> scores,
                                      std::vector<std::size_t> among, std::size_t count) {
  BYZ_CHECK(count >= 1 && count <= among.size(), "a selection takes 1 to all vectors");
  sort_front(among, count, [&](std::size_t a, std::size_t b) {
    return std::tie(scores[a], a) < std::tie(scores[b], b);
  });
  // A selection that ends in a finite score needs no look at the vectors.
  if (!std::isfinite(scores[among[count - 1]])) {
    std::vector<char> strange(input.vectors.size());
    for (const std::size_t i : among) strange[i] = !all_finite(input.vectors[i], input.dimension);
    sort_front(among, count, [&](std::size_t a, std::size_t b) {
      return std::tie(strange[a], scores[a], a) < std::tie(strange[b], scores[b], b);
    });
  }
  among.resize(count);
  return among;
}

template <class Real>
std::vector<std::size_t> least_scored(const RuleInput<Real>& input, std::span<const double> scores,
                                      std::size_t count) {
  std::vector<std::size_t> all(input.vectors.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return least_scored(input, scores, std::move(all), count);
}

template <class Real>
std::vector<std::size_t> finite_first(const RuleInput<Real>& input, std::size_t count) {
  // All scores infinite: what remains is the order of finite vectors before the others.
  const std::vector<double> scores(input.vectors.size(), std::numeric_limits<double>::infinity());
  return least_scored(input, scores, count);
}

template <class Real>
std::vector<std::size_t> finite_first(const RuleInput<Real>& input) {
  return finite_first(input, static_cast<std::size_t>(std::max(1, input.n() - input.f)));
}

template <class Real>
void mean_of_selected(const RuleInput<Real>& input, std::span<const std::size_t> selected,
                      Real* out) {
  std::vector<const Real*> vectors;
  for (const std::size_t i : selected) vectors.push_back(input.vectors[i]);
  for_each_shard(input.executor, input.dimension, [&](Shard shard, std::size_t) {
    mean_of<Real>(vectors, shard.begin, shard.end, out);
  });
}

#define BYZ_INSTANTIATE(Real)                                                                     \
  template std::vector<std::size_t> least_scored(const RuleInput<Real>&, std::span<const double>, \
                                                 std::vector<std::size_t>, std::size_t);          \
  template std::vector<std::size_t> least_scored(const RuleInput<Real>&, std::span<const double>, \
                                                 std::size_t);                                    \
  template std::vector<std::size_t> finite_first(const RuleInput<Real>&, std::size_t);            \
  template std::vector<std::size_t> finite_first(const RuleInput<Real>&);                         \
  template void mean_of_selected(const RuleInput<Real>&, std::span<const std::size_t>, Real*);
BYZ_INSTANTIATE(float)
BYZ_INSTANTIATE(double)
#undef BYZ_INSTANTIATE

}  // namespace byzsim
