#include "core/kernels/distances_to_point.h"
#include "core/pre_aggregators/clipped_vectors.h"

namespace byzsim::pre_aggregators_list {
namespace {

template <class Real>
std::vector<Mixture> mix_clipping(const RuleInput<Real>& input) {
  return clipped_vectors(input, norms_of(input.vectors, input.dimension, input.executor),
                         input.parameters.real("threshold"));
}

}  // namespace

PreAggregator clipping() {
  return {.declaration = {.name = "clipping",
                          .summary = "vectors longer than a threshold are scaled down to it; a "
                                     "non-finite one becomes zero",
                          .source = "static clipping as in ByzFL",
                          .parameters = {real("threshold", 2, 0, kUnbounded,
                                              "the largest Euclidean norm that is not clipped")},
                          .aliases = {"Clipping"}},
          .computable = {0, 1},
          .mix_float = mix_clipping<float>,
          .mix_double = mix_clipping<double>,
          .cost = "n d"};
}

}  // namespace byzsim::pre_aggregators_list
