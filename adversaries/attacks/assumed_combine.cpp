#include "adversaries/attacks/assumed_combine.h"

#include "adversaries/attacks/honest_statistics.h"
#include "core/check.h"

namespace byzsim {
namespace {

bool is_computable(const Aggregation& aggregation, std::int64_t n, Offered offered) {
  if (broken_condition(aggregation, n, true, offered)) return false;
  for (const Choice& choice : aggregation.pre) {
    const PreAggregator& entry = pre_aggregators().at(choice.name);
    // Bucketing and the like hand the rule fewer vectors than they got.
    if (entry.outputs != nullptr) n = entry.outputs(choice.parameters, n);
  }
  return n <= rules().at(aggregation.rule.name).most_vectors;
}

// Whom the search is against. Early in a step fewer vectors are known than the defence will have.
Aggregation assumed_defence(const Aggregation* defence, int f, std::size_t n, Offered offered) {
  if (defence != nullptr && is_computable(*defence, static_cast<std::int64_t>(n), offered))
    return *defence;
  return {{}, {"average", defaults(rules().at("average").declaration.parameters)}, f};
}

template <class Real>
AssumedCombine<Real> combine_of_receiver(const AttackInput<Real>& input) {
  const AttackTarget<Real>& target = *input.target;
  BYZ_CHECK(
      target.weights.size() == target.neighbours.size() && target.place <= target.neighbours.size(),
      "every neighbour has a weight, and the receiver a place among them");
  const auto place = static_cast<std::ptrdiff_t>(target.place);
  AssumedCombine<Real> combine;
  combine.honest.assign(target.neighbours.begin(), target.neighbours.end());
  combine.forged = target.byzantine_weights.size();
  combine.own = target.place;
  combine.honest.insert(combine.honest.begin() + place, target.own);
  if (!target.equally) {
    combine.weights.assign(target.weights.begin(), target.weights.end());
    combine.weights.insert(combine.weights.begin() + place, target.own_weight);
    combine.weights.insert(combine.weights.end(), target.byzantine_weights.begin(),
                           target.byzantine_weights.end());
  }
  combine.defence = assumed_defence(input.defence, input.f, combine.honest.size() + combine.forged,
                                    {.own = true});
  return combine;
}

}  // namespace

template <class Real>
AssumedCombine<Real> assumed_combine(const AttackInput<Real>& input) {
  BYZ_CHECK(input.f >= 0, "Byzantine nodes are counted");
  if (input.target != nullptr && input.target->own != nullptr) return combine_of_receiver(input);
  AssumedCombine<Real> combine;
  combine.honest = known_vectors(input);
  combine.forged = static_cast<std::size_t>(input.f);
  combine.defence =
      assumed_defence(input.defence, input.f, combine.honest.size() + combine.forged, {});
  return combine;
}

template <class Real>
std::vector<Real> combined_with(const AssumedCombine<Real>& combine, const AttackInput<Real>& input,
                                const std::vector<Real>& candidate) {
  BYZ_CHECK(candidate.size() == input.dimension(), "a candidate has the dimension of the others");
  std::vector<const Real*> vectors = combine.honest;
  vectors.insert(vectors.end(), combine.forged, candidate.data());
  AggregationInput<Real> given{vectors, input.dimension(), nullptr, input.stream};
  given.own = combine.own;
  given.weights = combine.weights;
  // Nodes on a graph start from their own vector.
  if (combine.own) given.previous = combine.honest[*combine.own];
  return aggregate(combine.defence, given, input.executor);
}

template <class Real>
std::vector<double> honest_combine(const AssumedCombine<Real>& combine, std::size_t dimension) {
  BYZ_CHECK(!combine.honest.empty(), "something honest is combined");
  std::vector<double> weights(combine.honest.size(), 1 / double(combine.honest.size()));
  if (!combine.weights.empty()) {
    BYZ_CHECK(combine.own.has_value(), "weights are a receiver's");
    weights.assign(combine.weights.begin(), combine.weights.begin() + std::ssize(combine.honest));
    for (std::size_t i = combine.honest.size(); i < combine.weights.size(); ++i)
      weights[*combine.own] += combine.weights[i];
  }
  std::vector<double> mean(dimension, 0.0);
  for (std::size_t i = 0; i < weights.size(); ++i)
    for (std::size_t c = 0; c < dimension; ++c)
      mean[c] += weights[i] * static_cast<double>(combine.honest[i][c]);
  return mean;
}

template AssumedCombine<float> assumed_combine(const AttackInput<float>&);
template AssumedCombine<double> assumed_combine(const AttackInput<double>&);
template std::vector<float> combined_with(const AssumedCombine<float>&, const AttackInput<float>&,
                                          const std::vector<float>&);
template std::vector<double> combined_with(const AssumedCombine<double>&,
                                           const AttackInput<double>&, const std::vector<double>&);
template std::vector<double> honest_combine(const AssumedCombine<float>&, std::size_t);
template std::vector<double> honest_combine(const AssumedCombine<double>&, std::size_t);

}  // namespace byzsim
