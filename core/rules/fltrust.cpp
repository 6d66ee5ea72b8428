// The server's own gradient decides both how far a vector may point elsewhere and how long it is.

#include <algorithm>
#include <cmath>

#include "core/rules/inner_products.h"
#include "core/rules/rule.h"

namespace byzsim::rules_list {
namespace {

template <class Real>
void aggregate_fltrust(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.reference != nullptr, "FLTrust compares with the receiver's own gradient");
  const std::size_t n = input.vectors.size();
  std::vector<const Real*> vectors(input.vectors.begin(), input.vectors.end());
  vectors.push_back(input.reference);
  const SymmetricMatrix products = inner_products<Real>(vectors, input.dimension, input.executor);
  vectors.pop_back();
  std::vector<double> lengths(n, 0.0), factors(n, 0.0);
  double total = 0;
  const double reach = length_of(products, n);
  for (const std::size_t i : with_finite_length(products)) {
    if (i == n || !std::isfinite(reach)) continue;
    lengths[i] = length_of(products, i);
    factors[i] = std::max(0.0, cosine_between(products, i, n));
    total += factors[i];
  }
  // No vector is trusted: the model stays where it is.
  if (total > 0)
    for (double& factor : factors) factor = factor / total * reach;
  sum_of_directions<Real>(vectors, lengths, factors, input.dimension, input.executor, out);
}

}  // namespace

Rule fltrust() {
  return {
      .declaration =
          {.name = "fltrust",
           .summary = "the mean of the vectors, each made as long as the server's own gradient and "
                      "weighted by its cosine to it, if positive; zero where none is",
           .source = "Cao et al., NDSS 2021 (FLTrust), as we understand it; no bound on f was "
                     "published: byzsim asks for one honest vector",
           .aliases = {"FLTrust"}},
      .proven = {1, 1},
      .computable = {0, 1},
      .aggregate_float = aggregate_fltrust<float>,
      .aggregate_double = aggregate_fltrust<double>,
      .most_vectors = 1000,
      .cost = "n d",
      .needs_reference = true};
}

}  // namespace byzsim::rules_list
