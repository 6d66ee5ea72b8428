// Random cases of the rules of decentralised training, and what their definitions share: written
// from the formulas alone, in double, with weights as whole parts so that nothing is rounded where
// weights are compared.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "core/exact/random.h"
#include "core/rules/rule.h"
#include "tests/catch.h"

namespace byzsim::edge_cases {

using Vector = std::vector<double>;  // values are floats, so that both precisions have the same
using Vectors = std::vector<Vector>;
using Indices = std::vector<std::size_t>;
using Changes = std::vector<std::pair<std::string, Value>>;

constexpr double kFar = std::numeric_limits<double>::infinity();

struct Case {
  Vectors x;
  std::vector<int> parts;  // the weight of x[j] is parts[j] over their sum
  bool weighted;           // whether the rule is given weights; else all parts are 1
  std::size_t own;
  int f;

  std::size_t n() const { return x.size(); }
  double weight(std::size_t j) const {
    int total = 0;
    for (const int part : parts) total += part;
    return double(parts[j]) / double(total);
  }
  Indices neighbours() const {
    Indices all;
    for (std::size_t j = 0; j < n(); ++j)
      if (j != own && parts[j] > 0) all.push_back(j);
    return all;
  }
  int largest_part() const {
    int largest = 0;
    for (const std::size_t j : neighbours()) largest = std::max(largest, parts[j]);
    return largest;
  }
};

enum class Values {
  lattice,  // small integers: many equal distances
  cloud,    // no two alike but for one copy now and then
};

/// What the values of a case look like, and how far a finite outlier is.
struct Kind {
  Values values;
  double outlier = 1e30;
  bool equal_weights = false;
  bool copies = true;
};

/// f of the neighbours are NaN, infinite or far away, in two cases of three.
inline void forge_some(Case& random, const Kind& kind, Stream& stream) {
  Indices others;
  for (std::size_t j = 0; j < random.n(); ++j)
    if (j != random.own) others.push_back(j);
  for (int k = 0; k < random.f && !others.empty(); ++k) {
    const std::size_t at = stream.below(others.size()), j = others[at];
    others.erase(others.begin() + std::ptrdiff_t(at));
    const double forged[] = {std::nan(""), kFar, -kFar, kind.outlier, -kind.outlier};
    // The whole vector or one coordinate of it.
    const bool whole = stream.below(2) == 0;
    const double value = double(float(forged[stream.below(5)] * (1 + stream.uniform())));
    for (double& coordinate : random.x[j]) coordinate = whole ? value : coordinate;
    random.x[j][stream.below(random.x[j].size())] = value;
  }
}

inline Case random_case(std::uint64_t seed, const Kind& kind) {
  Stream stream(seed, Purpose::attack, 77, 0);
  const std::size_t n = 1 + stream.below(9), dimension = 1 + stream.below(5);
  Case random{{}, {}, stream.below(3) > 0 || kind.equal_weights, stream.below(n), 0};
  random.f = int(stream.below((n + 1) / 2));
  for (std::size_t j = 0; j < n; ++j) {
    Vector vector;
    for (std::size_t c = 0; c < dimension; ++c)
      vector.push_back(kind.values == Values::lattice ? double(stream.below(5)) - 2
                                                      : double(float(stream.uniform(-1, 1))));
    random.x.push_back(vector);
    // A zero weight now and then, never of the own vector.
    const int part = int(stream.below(5));
    random.parts.push_back(kind.equal_weights || !random.weighted ? 1
                           : j == random.own                      ? std::max(part, 1)
                                                                  : part);
  }
  if (kind.copies && n > 3 && stream.below(3) == 0) {
    const std::size_t from = (random.own + 1) % n, to = (random.own + 3) % n;
    random.x[to] = random.x[from];
  }
  if (stream.below(3) > 0) forge_some(random, kind, stream);
  return random;
}

inline bool finite(const Vector& vector) {
  return std::all_of(vector.begin(), vector.end(), [](double v) { return std::isfinite(v); });
}

inline double apart(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t c = 0; c < a.size(); ++c) sum += (a[c] - b[c]) * (a[c] - b[c]);
  return std::isfinite(sum) ? std::sqrt(sum) : kFar;
}

inline double to_own(const Case& given, std::size_t j) {
  return apart(given.x[j], given.x[given.own]);
}

/// By distance to the own vector, the first of equals first.
inline Indices farthest_first(const Case& given) {
  Indices order = given.neighbours();
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return to_own(given, a) > to_own(given, b);
  });
  return order;
}

/// x_own + the sum of w_j share(j) (x_j - x_own); one that has no direction adds nothing.
inline Vector moved(const Case& given, const std::function<double(std::size_t)>& share) {
  Vector result = given.x[given.own];
  for (const std::size_t j : given.neighbours()) {
    if (to_own(given, j) == kFar) continue;
    for (std::size_t c = 0; c < result.size(); ++c)
      result[c] += given.weight(j) * share(j) * (given.x[j][c] - given.x[given.own][c]);
  }
  return result;
}

/// clip(x_j - x_own, t) = (x_j - x_own) min(1, t / |x_j - x_own|).
inline Vector moved_within(const Case& given, double t) {
  return moved(given,
               [&](std::size_t j) { return to_own(given, j) <= t ? 1 : t / to_own(given, j); });
}

inline std::int64_t count_beyond(const Case& given, double t) {
  std::int64_t count = 0;
  for (const std::size_t j : given.neighbours()) count += to_own(given, j) > t;
  return count;
}

/// What the rule makes of the case, and what it counted.
struct Answer {
  Vector vector;
  RuleCounts counts;
};

/// The loss of the tests: of the first coordinate alone, so that many are equal on the lattice.
inline double loss_of(double first) { return first * first; }

template <class Real>
Answer answer_of(const std::string& name, const Case& given, const Changes& changes = {}) {
  const Rule& rule = rules().at(name);
  Parameters parameters = defaults(rule.declaration.parameters);
  for (const auto& [parameter, value] : changes) parameters.set(parameter, value);
  std::vector<std::vector<Real>> vectors;
  for (const Vector& x : given.x) vectors.emplace_back(x.begin(), x.end());
  std::vector<const Real*> pointers;
  for (const auto& vector : vectors) pointers.push_back(vector.data());
  Vector weights;
  for (std::size_t j = 0; given.weighted && j < given.n(); ++j) weights.push_back(given.weight(j));
  const std::function<double(const Real*)> loss = [](const Real* model) {
    return loss_of(double(model[0]));
  };
  const Executor executor(1);
  Answer answer;
  RuleInput<Real> input{pointers, given.x[0].size(), given.f, parameters, executor};
  input.own = given.own;
  input.weights = weights;
  input.loss = &loss;
  input.counts = &answer.counts;
  std::vector<Real> out(given.x[0].size());
  rule.aggregate(input, out.data());
  answer.vector.assign(out.begin(), out.end());
  return answer;
}

/// Whether two vectors differ by rounding alone.
inline bool near(const Vector& a, const Vector& b, double tolerance) {
  double largest = 1;
  for (const double value : b) largest = std::max(largest, std::fabs(value));
  for (std::size_t c = 0; c < a.size(); ++c)
    if (!(std::fabs(a[c] - b[c]) <= tolerance * largest)) return false;
  return a.size() == b.size();
}

/// The rule in both precisions beside its definition, over as many cases of this kind.
inline void check_cases(const std::string& rule, const Changes& changes, const Kind& kind,
                        const std::function<Vector(const Case&)>& definition) {
  constexpr std::uint64_t kCases = 1500;
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    const Case given = random_case(seed, kind);
    const Vector expected = definition(given);
    const Vector in_double = answer_of<double>(rule, given, changes).vector;
    const Vector in_float = answer_of<float>(rule, given, changes).vector;
    CAPTURE(rule, seed, given.x, given.parts, given.weighted, given.own, given.f, expected,
            in_double, in_float);
    REQUIRE(finite(expected));
    CHECK(near(in_double, expected, 1e-12));
    CHECK(near(in_float, expected, 1e-6));
  }
}

}  // namespace byzsim::edge_cases
