// Senders that pursue one aim together send, over many steps, more alike than honest ones do.

#include <algorithm>
#include <cmath>

#include "core/exact/portable_math.h"
#include "core/kernels/vector_kernels.h"
#include "core/kernels/weighted_mean.h"
#include "core/machine/shards.h"
#include "core/rules/inner_products.h"
#include "core/rules/selection.h"

namespace byzsim::rules_list {
namespace {

// The sum of all finite vectors of each sender, the present one among them; `fresh` holds them
// where nothing is kept.
template <class Real>
std::vector<Real*> histories(const RuleInput<Real>& input, const std::vector<char>& finite,
                             std::vector<std::vector<Real>>& fresh) {
  std::vector<Real*> sums(input.memory.begin(), input.memory.end());
  if (sums.empty()) {
    fresh.assign(input.vectors.size(), std::vector<Real>(input.dimension));
    for (auto& each : fresh) sums.push_back(each.data());
  }
  for_each_shard(input.executor, input.dimension, [&](Shard shard, std::size_t) {
    for (std::size_t i = 0; i < sums.size(); ++i)
      if (finite[i])
        for (std::size_t c = shard.begin; c < shard.end; ++c)
          sums[i][c] = static_cast<Real>(double(sums[i][c]) + double(input.vectors[i][c]));
  });
  return sums;
}

// Every sender's largest similarity to another one, at least 0, after similarities of a sender that
// resembles others less than they do were lowered.
std::vector<double> pardoned(const SymmetricMatrix& products,
                             const std::vector<std::size_t>& among) {
  std::vector<double> most(products.n(), 0.0), lowered(products.n(), 0.0);
  for (const std::size_t i : among)
    for (const std::size_t j : among)
      if (i != j) most[i] = std::max(most[i], cosine_between(products, i, j));
  for (double& each : most) each += 1e-5;
  for (const std::size_t i : among)
    for (const std::size_t j : among) {
      if (i == j) continue;
      const double factor = most[i] < most[j] ? most[i] / most[j] : 1;
      lowered[i] = std::max(lowered[i], cosine_between(products, i, j) * factor);
    }
  return lowered;
}

// Near 0 for senders that resemble others, near 1 for the others: at least one has 1, and all have
// where each looks like another.
std::vector<double> trust_of(const SymmetricMatrix& products,
                             const std::vector<std::size_t>& among) {
  const std::vector<double> similarities = pardoned(products, among);
  std::vector<double> trust(products.n(), 0.0);
  double most = 0;
  for (const std::size_t i : among) {
    trust[i] = std::clamp(1 - similarities[i], 0.0, 1.0);
    most = std::max(most, trust[i]);
  }
  // All are alike but for rounding.
  if (most < 1e-12)
    for (const std::size_t i : among) trust[i] = 1;
  if (most < 1e-12) return trust;
  for (const std::size_t i : among) {
    const double share = std::min(trust[i] / most, 0.99);
    trust[i] = std::clamp(portable::log(share / (1 - share)) + 0.5, 0.0, 1.0);
  }
  return trust;
}

template <class Real>
void aggregate_fools_gold(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.n() >= 1, "there are no senders without vectors");
  std::vector<char> finite;
  for (const Real* vector : input.vectors) finite.push_back(all_finite(vector, input.dimension));
  std::vector<std::vector<Real>> fresh;
  const std::vector<Real*> sums = histories(input, finite, fresh);
  const std::vector<const Real*> seen(sums.begin(), sums.end());
  const SymmetricMatrix products = inner_products<Real>(seen, input.dimension, input.executor);
  std::vector<std::size_t> among = with_finite_length(products);
  std::erase_if(among, [&](std::size_t i) { return !finite[i]; });
  std::vector<double> weights = trust_of(products, among);
  double total = 0;
  for (const double weight : weights) total += weight;
  // None is finite, or squares of huge doubles overflow.
  if (!(total > 0)) return mean_of_selected<Real>(input, finite_first(input), out);
  for (double& weight : weights) weight /= total;
  weighted_mean<Real>(input.vectors, weights, input.dimension, input.executor, out);
}

}  // namespace

Rule fools_gold() {
  return {
      .declaration =
          {.name = "fools_gold",
           .summary = "the mean weighted by how little the sum of a sender's vectors resembles "
                      "that of any other; all alike: their mean",
           .source = "Fung et al., RAID 2020 (FoolsGold), as we understand it; constants as in "
                     "the code of FL-Byzantine-Library, with the whole history; no bound on f was "
                     "published: byzsim asks for a majority of honest vectors",
           .aliases = {"FoolsGold"}},
      .proven = {2, 1},
      .computable = {0, 1},
      .aggregate_float = aggregate_fools_gold<float>,
      .aggregate_double = aggregate_fools_gold<double>,
      .most_vectors = 1000,
      .growth = Growth::pairs,
      .cost = "n^2 d",
      .sender_vectors = 1};
}

}  // namespace byzsim::rules_list
