#include <algorithm>

#include "core/kernels/distances_to_point.h"
#include "core/pre_aggregators/clipped_vectors.h"

namespace byzsim::pre_aggregators_list {
namespace {

template <class Real>
std::vector<Mixture> mix_arc(const RuleInput<Real>& input) {
  const std::int64_t n = input.n(), f = input.f;
  BYZ_CHECK(n >= 1 && f >= 0 && f <= n, "ARC clips some of n vectors");
  const std::vector<double> norms = norms_of(input.vectors, input.dimension, input.executor);
  std::vector<double> ascending = norms;
  std::sort(ascending.begin(), ascending.end());
  const std::int64_t clipped = 2 * f * (n - f) / n;  // at most n / 2
  // The largest norm among those that are not clipped, which are half of the vectors or more.
  return clipped_vectors(input, norms, ascending[static_cast<std::size_t>(n - clipped - 1)]);
}

}  // namespace

PreAggregator arc() {
  return {.declaration = {.name = "arc",
                          .summary =
                              "adaptive robust clipping: the floor(2f(n-f)/n) longest vectors are "
                              "scaled to the next smaller norm; a non-finite one becomes zero",
                          .source = "Allouah et al., ICLR 2025; ByzFL",
                          .aliases = {"ARC"}},
          .computable = {1, 0},
          .mix_float = mix_arc<float>,
          .mix_double = mix_arc<double>,
          .cost = "n d"};
}

}  // namespace byzsim::pre_aggregators_list
