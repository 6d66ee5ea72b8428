#include "core/rules/gossip.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/check.h"
#include "core/kernels/distances_to_point.h"
#include "core/kernels/weighted_mean.h"

namespace byzsim {

template <class Real>
std::size_t own_of(const RuleInput<Real>& input) {
  BYZ_CHECK(input.own && *input.own < input.vectors.size(),
            "the receiver's own vector is among those that it aggregates");
  BYZ_CHECK(input.f >= 0, "no fewer than 0 vectors are Byzantine");
  return *input.own;
}

template <class Real>
double gossip_weight(const RuleInput<Real>& input, std::size_t index) {
  BYZ_CHECK(input.weights.empty() || input.weights.size() == input.vectors.size(),
            "every vector has a weight");
  return input.weights.empty() ? 1 / static_cast<double>(input.n()) : input.weights[index];
}

template <class Real>
std::vector<Neighbour> neighbours_of(const RuleInput<Real>& input) {
  const std::size_t own = own_of(input);
  const std::vector<double> squares =
      squared_distances_to(input.vectors[own], input.vectors, input.dimension, input.executor);
  double largest = 0;
  std::vector<Neighbour> neighbours;
  for (std::size_t i = 0; i < input.vectors.size(); ++i) {
    const double weight = gossip_weight(input, i);
    if (i == own || weight == 0) continue;
    neighbours.push_back({i, weight, std::sqrt(squares[i])});
    largest = std::max(largest, weight);
  }
  for (Neighbour& neighbour : neighbours) neighbour.count /= largest;
  return neighbours;
}

int count_chosen_by(const std::string& word, int count) {
  return std::max(0, count + (word.ends_with("-1") ? -1 : word.ends_with("+1") ? 1 : 0));
}

std::vector<Neighbour> farthest_first(std::vector<Neighbour> neighbours) {
  std::stable_sort(neighbours.begin(), neighbours.end(),
                   [](const Neighbour& a, const Neighbour& b) { return a.distance > b.distance; });
  return neighbours;
}

std::vector<Neighbour> nearest_first(std::vector<Neighbour> neighbours) {
  std::stable_sort(neighbours.begin(), neighbours.end(),
                   [](const Neighbour& a, const Neighbour& b) { return a.distance < b.distance; });
  return neighbours;
}

template <class Real>
void gossip_step(const RuleInput<Real>& input, std::span<const Neighbour> neighbours,
                 std::span<const double> shares, Real* out) {
  BYZ_CHECK(neighbours.size() == shares.size(), "every neighbour has a share");
  std::vector<double> factors(input.vectors.size(), 0.0);
  double others = 0;
  for (std::size_t k = 0; k < neighbours.size(); ++k) {
    const Neighbour& neighbour = neighbours[k];
    if (!std::isfinite(neighbour.distance)) continue;
    factors[neighbour.index] = shares[k] * gossip_weight(input, neighbour.index);
    others += factors[neighbour.index];
  }
  factors[own_of(input)] = 1 - others;
  weighted_mean<Real>(input.vectors, factors, input.dimension, input.executor, out);
}

template <class Real>
void clipped_step(const RuleInput<Real>& input, std::span<const Neighbour> neighbours,
                  double radius, Real* out) {
  std::vector<double> shares;
  std::int64_t clipped = 0;
  for (const Neighbour& neighbour : neighbours) {
    const bool beyond = neighbour.distance > radius;
    shares.push_back(beyond ? radius / neighbour.distance : 1);
    clipped += beyond;
  }
  gossip_step<Real>(input, neighbours, shares, out);
  if (input.counts != nullptr) input.counts->clipped = clipped;
}

template <class Real>
void copy_vector(const RuleInput<Real>& input, std::size_t index, Real* out) {
  std::copy_n(input.vectors[index], input.dimension, out);
}

Rule gossip_rule(
    Declaration declaration,
    std::function<void(const RuleInput<float>& input, float* out)> aggregate_float,
    std::function<void(const RuleInput<double>& input, double* out)> aggregate_double) {
  return {.declaration = std::move(declaration),
          .proven = {2, 1},
          .computable = {0, 1},
          .aggregate_float = std::move(aggregate_float),
          .aggregate_double = std::move(aggregate_double),
          .cost = "n d",
          .needs_own = true,
          .uses_weights = true};
}

#define BYZ_INSTANTIATE(Real)                                                                    \
  template std::size_t own_of(const RuleInput<Real>&);                                           \
  template double gossip_weight(const RuleInput<Real>&, std::size_t);                            \
  template std::vector<Neighbour> neighbours_of(const RuleInput<Real>&);                         \
  template void gossip_step(const RuleInput<Real>&, std::span<const Neighbour>,                  \
                            std::span<const double>, Real*);                                     \
  template void clipped_step(const RuleInput<Real>&, std::span<const Neighbour>, double, Real*); \
  template void copy_vector(const RuleInput<Real>&, std::size_t, Real*);
BYZ_INSTANTIATE(float)
BYZ_INSTANTIATE(double)
#undef BYZ_INSTANTIATE

}  // namespace byzsim
