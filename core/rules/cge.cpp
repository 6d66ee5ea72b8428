#include "core/kernels/distances_to_point.h"
#include "core/rules/selection.h"

namespace byzsim::rules_list {
namespace {

template <class Real>
void aggregate_cge(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.f >= 0 && input.n() > input.f, "CGE averages n - f vectors, at least one");
  // Vectors that are not finite have an infinite norm and are eliminated first.
  const std::vector<double> norms = norms_of(input.vectors, input.dimension, input.executor);
  const auto kept = static_cast<std::size_t>(input.n() - input.f);
  mean_of_selected<Real>(input, least_scored(input, norms, kept), out);
}

}  // namespace

Rule cge() {
  return {
      .declaration = {.name = "cge",
                      .summary =
                          "comparative gradient elimination: the mean of the n-f shortest vectors",
                      .source = "Gupta et al., 2021",
                      .aliases = {"CGE"}},
      .proven = {2, 1},
      .computable = {1, 1},
      .aggregate_float = aggregate_cge<float>,
      .aggregate_double = aggregate_cge<double>,
      .cost = "n d"};
}

}  // namespace byzsim::rules_list
