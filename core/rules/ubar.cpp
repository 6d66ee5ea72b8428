#include <algorithm>
#include <cmath>

#include "core/kernels/weighted_mean.h"
#include "core/rules/gossip.h"

namespace byzsim::rules_list {
namespace {

// The first stage: a share of the neighbours, at least one if there is any.
std::vector<Neighbour> nearest_share(std::vector<Neighbour> neighbours, double share) {
  const auto degree = static_cast<double>(neighbours.size());
  // What rounding leaves below a whole number is that number.
  const double kept = std::floor(share * degree + kCountSlack);
  std::vector<Neighbour> nearest = nearest_first(std::move(neighbours));
  nearest.resize(std::min(nearest.size(), static_cast<std::size_t>(std::max(1.0, kept))));
  return nearest;
}

// The second stage: those whose loss is at most that of the own model, or else the nearest. One out
// of reach is no model that could have a loss.
template <class Real>
std::vector<std::size_t> no_worse(const RuleInput<Real>& input, std::vector<Neighbour> nearest) {
  std::erase_if(nearest, [](const Neighbour& each) { return !std::isfinite(each.distance); });
  if (nearest.empty()) return {};
  const double own_loss = (*input.loss)(input.vectors[own_of(input)]);
  std::vector<std::size_t> kept;
  for (const Neighbour& neighbour : nearest)
    // False beside a loss that is NaN.
    if ((*input.loss)(input.vectors[neighbour.index]) <= own_loss) kept.push_back(neighbour.index);
  if (kept.empty()) kept.push_back(nearest.front().index);
  return kept;
}

template <class Real>
void aggregate_ubar(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.loss != nullptr && *input.loss, "UBAR compares losses");
  const std::size_t own = own_of(input);
  const std::vector<Neighbour> neighbours = neighbours_of(input);
  const std::vector<std::size_t> kept =
      no_worse(input, nearest_share(neighbours, input.parameters.real("share")));
  const double mix = kept.empty() ? 1 : input.parameters.real("mix");
  std::vector<double> weights(input.vectors.size(), 0.0);
  weights[own] = mix;
  for (const std::size_t i : kept) weights[i] = (1 - mix) / static_cast<double>(kept.size());
  weighted_mean<Real>(input.vectors, weights, input.dimension, input.executor, out);
  if (input.counts != nullptr)
    input.counts->removed = static_cast<std::int64_t>(neighbours.size() - kept.size());
}

}  // namespace

Rule ubar() {
  return {
      .declaration =
          {.name = "ubar",
           .summary = "mixes the own model with the mean of those neighbours' that are near and "
                      "whose loss on the own batch is no larger than the own model's",
           .source = "UBAR, or Mozi, as in the code of byzantine-robust-decentralized-optimizer; "
                     "without its step along the gradient; condition: a majority of honest vectors",
           .parameters =
               {real("share", 0.4, 0, 1,
                     "the share of the neighbours whose losses are compared, nearest first; at "
                     "least one is"),
                real("mix", 0.5, 0, 1, "the weight of the own model in the result")},
           .aliases = {"UBAR", "Mozi"}},
      .proven = {2, 1},
      .computable = {0, 1},
      .aggregate_float = aggregate_ubar<float>,
      .aggregate_double = aggregate_ubar<double>,
      .cost = "n d",
      .needs_own = true,
      .needs_losses = true};
}

}  // namespace byzsim::rules_list
