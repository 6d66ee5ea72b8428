#include "core/kernels/centred_products.h"
#include "core/rules/selection.h"
#include "core/rules/subset_search.h"

namespace byzsim::rules_list {
namespace {

template <class Real>
std::vector<std::size_t> select_smea(const RuleInput<Real>& input) {
  const auto size = static_cast<std::size_t>(input.n() - input.f);
  const SymmetricMatrix products =
      centred_products(input.vectors, input.dimension, input.executor).products;
  std::vector<std::size_t> among;
  for (std::size_t i = 0; i < products.n(); ++i)
    // A vector out of reach spreads without bound: no best subset holds one while others are
    // enough.
    if (reachable(products, i)) among.push_back(i);
  // Squares of huge doubles overflow: no eigenvalue can tell then.
  if (among.size() < size) return finite_first(input, size);
  return least_spread_subset(products, among, size, input.executor);
}

template <class Real>
void aggregate_smea(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.f >= 0 && input.n() > input.f, "SMEA averages n - f vectors, at least one");
  mean_of_selected<Real>(input, select_smea(input), out);
}

}  // namespace

Rule smea() {
  return {
      .declaration =
          {.name = "smea",
           .summary = "the mean of the n-f vectors whose covariance has the smallest "
                      "largest eigenvalue; exact, and slow when no vector is far from the others",
           .source = "Allouah et al., ICML 2023; ByzFL, here with exact eigenvalues",
           .aliases = {"SMEA"}},
      .proven = {2, 1},
      .computable = {1, 1},
      .aggregate_float = aggregate_smea<float>,
      .aggregate_double = aggregate_smea<double>,
      .most_vectors = kLeastSpreadVectors,
      .growth = Growth::pairs,
      .cost = "n^2 d, and up to C(n, f) n^2"};
}

}  // namespace byzsim::rules_list
