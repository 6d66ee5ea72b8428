// What an attacker knows, made up, and what an attack says in it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "adversaries/attacks/attack.h"

namespace byzsim {

using Doubles = std::vector<double>;

/// What the attacker of n = 20, f = 6 unless told otherwise knows and draws.
template <class Real>
struct Situation {
  std::vector<Real> own;
  std::vector<std::vector<Real>> honest;
  int n = 20;
  int f = 6;
  std::uint64_t counter = 0;
  const Aggregation* defence = nullptr;
};

using Changes = std::vector<std::pair<std::string, Value>>;

inline Parameters changed(const std::vector<Parameter>& declared, const Changes& changes) {
  Parameters parameters = defaults(declared);
  for (const auto& [name, value] : changes) parameters.set(name, value);
  return parameters;
}

/// A defence of one rule.
inline Aggregation defence_of(const std::string& rule, int f, const Changes& changes = {}) {
  return {{}, {rule, changed(rules().at(rule).declaration.parameters, changes)}, f};
}

template <class Real>
std::vector<const Real*> pointers_to(const std::vector<std::vector<Real>>& vectors) {
  std::vector<const Real*> pointers;
  for (const auto& vector : vectors) pointers.push_back(vector.data());
  return pointers;
}

template <class Real>
std::vector<Real> craft(const std::string& name, const Situation<Real>& situation,
                        const Changes& changes = {}) {
  const Attack& attack = attacks().at(name);
  const Parameters parameters = changed(attack.declaration.parameters, changes);
  const auto honest = pointers_to(situation.honest);
  const Executor executor(1);
  return attack.craft(AttackInput<Real>{situation.own, honest, situation.n, situation.f, parameters,
                                        Stream(1, Purpose::attack, 4, situation.counter),
                                        situation.defence, executor});
}

/// ByzFL's example: honest vectors of mean (4, 5, 6) and deviation (3, 3, 3) with ddof 1.
inline Situation<double> byzfl_example() { return {{1, -2, 3}, {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}}; }

/// Independent normal vectors, the same in float and in double.
template <class Real>
Situation<Real> many_honest(std::size_t count, std::size_t dimension, std::uint64_t seed = 2) {
  Situation<Real> situation;
  Stream stream(seed, Purpose::attack, 0, 0);
  const auto vector = [&] {
    std::vector<Real> values(dimension);
    for (Real& value : values) value = static_cast<Real>(float(stream.normal()));
    return values;
  };
  situation.own = vector();
  for (std::size_t i = 0; i < count; ++i) situation.honest.push_back(vector());
  return situation;
}

/// What the defence makes of the honest vectors and f copies of one that is said.
inline Doubles aggregate_attacked(const Situation<double>& situation, const Aggregation& defence,
                                  const Doubles& said) {
  std::vector<const double*> vectors = pointers_to(situation.honest);
  vectors.insert(vectors.end(), static_cast<std::size_t>(situation.f), said.data());
  return aggregate(defence, AggregationInput<double>{vectors, said.size()}, Executor(1));
}

}  // namespace byzsim
