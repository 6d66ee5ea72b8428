// The rules that count vectors by their weights, each against a second definition: the rule of
// copies. A vector of weight w, a whole number, of n vectors that weigh S, stands there n w times;
// of the n S copies f S may be Byzantine.
#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "core/exact/random.h"
#include "core/rules/rule.h"
#include "tests/catch.h"
#include "tests/core/long_definitions.h"

namespace byzsim::weighted_rules_test {
namespace {

using long_definitions::Indices;
using long_definitions::Number;
using long_definitions::Vector;
using long_definitions::Vectors;
using Changes = std::vector<std::pair<std::string, Value>>;

constexpr Number kFar = std::numeric_limits<Number>::infinity();

struct Case {
  Vectors x;  // floats
  std::vector<int> weights;
  int f;

  std::size_t n() const { return x.size(); }
  int total() const { return std::accumulate(weights.begin(), weights.end(), 0); }
  /// The index of the vector of each copy.
  Indices copies() const {
    Indices all;
    for (std::size_t i = 0; i < n(); ++i)
      all.insert(all.end(), n() * static_cast<std::size_t>(weights[i]), i);
    return all;
  }
};

// Some of the vectors are not finite or far away: as many as f, with no more weight than f of n
// equal ones would have.
void forge_some(Case& random, Stream& stream) {
  int left = random.f, weight = 0;
  for (std::size_t i = 0; i < random.n() && left > 0; ++i) {
    weight += random.weights[i];
    if (weight * int(random.n()) > random.f * random.total()) return;
    const double forged[] = {std::nan(""), -std::nan(""), double(INFINITY), -double(INFINITY), 1e6};
    random.x[i][stream.below(random.x[i].size())] = forged[stream.below(5)];
    --left;
  }
}

// On a lattice many values and distances are equal.
Case random_case(std::uint64_t seed) {
  Stream stream(seed, Purpose::attack, 78, 0);
  const std::size_t n = 3 + stream.below(8), dimension = 1 + stream.below(5);
  const bool lattice = stream.below(2) == 0;
  Case random{{}, {}, int(stream.below((n - 1) / 2))};
  for (std::size_t i = 0; i < n; ++i) {
    Vector vector;
    for (std::size_t c = 0; c < dimension; ++c)
      vector.push_back(lattice ? Number(stream.below(5)) - 2
                               : Number(float(stream.uniform(-1, 1))));
    random.x.push_back(vector);
    random.weights.push_back(int(stream.below(5)));  // 0 now and then
  }
  random.weights.back() = std::max(1, random.weights.back());
  if (stream.below(2) == 0) forge_some(random, stream);
  return random;
}

template <class Real>
std::vector<Real> applied(const std::string& name, const std::vector<std::vector<Real>>& vectors,
                          const std::vector<double>& weights, int f, const Changes& changes = {}) {
  const Rule& rule = rules().at(name);
  Parameters parameters = defaults(rule.declaration.parameters);
  for (const auto& [parameter, value] : changes) parameters.set(parameter, value);
  std::vector<const Real*> pointers;
  for (const auto& vector : vectors) pointers.push_back(vector.data());
  const Executor executor(1);
  std::vector<Real> out(vectors[0].size());
  RuleInput<Real> input{pointers, out.size(), f, parameters, executor};
  input.weights = weights;
  rule.aggregate(input, out.data());
  return out;
}

template <class Real>
Vector answer_of(const std::string& name, const Case& given, const Changes& changes = {}) {
  std::vector<std::vector<Real>> vectors;
  for (const Vector& x : given.x) vectors.emplace_back(x.begin(), x.end());
  const auto out =
      applied<Real>(name, vectors, std::vector<double>(given.weights.begin(), given.weights.end()),
                    given.f, changes);
  return Vector(out.begin(), out.end());
}

Number apart(const Vector& a, const Vector& b) {
  const Number square = long_definitions::squared(a, b);
  return std::isfinite(square) ? square : kFar;
}

bool near(const Vector& a, const Vector& b, Number tolerance) {
  Number largest = 1;
  for (const Number value : b) largest = std::max(largest, std::fabs(value));
  for (std::size_t c = 0; c < a.size(); ++c)
    if (!(std::fabs(a[c] - b[c]) <= tolerance * largest)) return false;
  return true;
}

using Definition = std::function<Vector(const Case&)>;

void check_cases(const std::string& rule, const Definition& definition, Number digits,
                 const Changes& changes = {}) {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const Case given = random_case(seed);
    const Vector expected = definition(given);
    const Vector in_double = answer_of<double>(rule, given, changes);
    const Vector in_float = answer_of<float>(rule, given, changes);
    CAPTURE(rule, seed, given.x, given.weights, given.f, expected, in_double, in_float);
    CHECK(near(in_double, expected, digits));
    CHECK(near(in_float, expected, 2e-6L));
  }
}

// The copies' values at each coordinate, ascending, NaN as +infinity.
Vector by_column(const Case& given, const std::function<Number(const Vector&)>& value) {
  Vectors copied;
  for (const std::size_t i : given.copies()) {
    copied.push_back(given.x[i]);
    for (Number& each : copied.back()) each = std::isnan(each) ? kFar : each;
  }
  return long_definitions::per_coordinate(copied, value);
}

// The mean of the copies nearest to the point, the lowest index first.
Vector nearest_copies(const Case& given, const Vector& point, std::size_t count) {
  const Indices copies = given.copies();
  Vectors kept;
  for (const std::size_t k : long_definitions::best(
           copies.size(), count, [&](std::size_t i) { return apart(given.x[copies[i]], point); }))
    kept.push_back(given.x[copies[k]]);
  return long_definitions::mean(kept);
}

std::size_t honest_copies(const Case& given) {
  return (given.n() - std::size_t(given.f)) * std::size_t(given.total());
}

// The score of Krum among the copies: squared distances to the nearest ones, itself included.
Number score_of(const Case& given, std::size_t i) {
  Vector distances;
  for (const std::size_t j : given.copies())
    distances.push_back(j == i ? 0 : apart(given.x[i], given.x[j]));
  std::sort(distances.begin(), distances.end());
  const std::size_t within = (given.n() - std::size_t(given.f) - 1) * std::size_t(given.total());
  return std::accumulate(distances.begin(), distances.begin() + std::ptrdiff_t(within), Number(0));
}

}  // namespace

TEST_CASE("the weighted median is the upper median of the copies", "[rules]") {
  check_cases(
      "weighted_median",
      [](const Case& given) {
        return by_column(given, [](const Vector& sorted) { return sorted[sorted.size() / 2]; });
      },
      0);
}

TEST_CASE("the weighted trimmed mean trims f of n copies at each end", "[rules]") {
  check_cases(
      "weighted_trimmed_mean",
      [](const Case& given) {
        return by_column(given, [&](const Vector& sorted) {
          return long_definitions::trimmed(sorted, std::size_t(given.f * given.total()));
        });
      },
      1e-12L);
}

TEST_CASE("the weighted geometric median iterates as over the copies", "[rules]") {
  check_cases(
      "weighted_geometric_median",
      [](const Case& given) {
        Vectors finite;
        for (const std::size_t i : given.copies())
          if (apart(given.x[i], given.x[i]) == 0) finite.push_back(given.x[i]);
        return long_definitions::weiszfeld(finite, Vector(given.x[0].size(), 0), 0.1L, 3);
      },
      1e-9L);
}

TEST_CASE("weighted Krum returns a vector of least score among the copies", "[rules]") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const Case given = random_case(seed);
    if (int(given.n()) < given.f + 2) continue;
    std::size_t best = given.n();
    for (std::size_t i = 0; i < given.n(); ++i)
      if (given.weights[i] > 0 && apart(given.x[i], given.x[i]) == 0 &&
          (best == given.n() || score_of(given, i) < score_of(given, best)))
        best = i;
    CAPTURE(seed, given.x, given.weights, given.f, best);
    CHECK(answer_of<double>("weighted_krum", given) == given.x[best]);
    CHECK(answer_of<float>("weighted_krum", given) == given.x[best]);
  }
}

TEST_CASE("weighted CTMA is the mean of the copies nearest to its rule's result", "[rules]") {
  check_cases(
      "ctma",
      [](const Case& given) {
        const Vector anchor = answer_of<double>("median", given);
        return nearest_copies(given, anchor, honest_copies(given));
      },
      1e-12L);
  check_cases("ctma",
              [](const Case& given) {
                return nearest_copies(given, answer_of<double>("weighted_median", given),
                                      honest_copies(given));
              },
              1e-12L, {{"rule", std::string("weighted_median")}});
}

TEST_CASE("with equal weights the weighted rules have the bits of those without", "[rules]") {
  struct Pair {
    std::string weighted, plain;
    Changes changes;
  };
  std::vector<std::vector<float>> vectors(12, std::vector<float>(70));
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    Stream stream(4, Purpose::attack, i, 0);
    for (float& value : vectors[i]) value = float(stream.normal());
  }
  vectors[3].assign(70, std::nanf(""));
  for (const auto& [weighted, plain, changes] :
       std::vector<Pair>{{"weighted_median", "median", {{"middle", std::string("upper")}}},
                         {"weighted_geometric_median", "geometric_median", {}},
                         {"weighted_trimmed_mean", "trimmed_mean", {}},
                         {"weighted_krum", "krum", {}},
                         {"ctma", "ctma", {}}})
    for (const double weight : {0.0, 1.0, 0.1, 1.0 / 3, 7.0}) {
      CAPTURE(weighted, weight);
      CHECK(applied(weighted, vectors, std::vector<double>(12, weight), 2) ==
            applied(plain, vectors, {}, 2, changes));
    }
}

TEST_CASE("only the ratios of weights count, and a vector of weight 0 leaves no trace", "[rules]") {
  const std::vector<std::vector<double>> vectors = {{1, 7}, {3, 2}, {4, 4}, {9, 0}, {5, 5}};
  std::vector<std::vector<double>> strange = vectors;
  strange[3] = {std::nan(""), INFINITY};
  for (const char* rule : {"weighted_median", "weighted_geometric_median", "weighted_trimmed_mean",
                           "weighted_krum", "ctma"}) {
    CAPTURE(rule);
    const auto expected = applied(rule, vectors, {3, 1, 2, 0, 4}, 1);
    CHECK(applied(rule, vectors, {0x3p900, 0x1p900, 0x2p900, 0, 0x4p900}, 1) == expected);
    if (std::string(rule) != "ctma")  // its rule looks at all vectors
      CHECK(applied(rule, strange, {3, 1, 2, 0, 4}, 1) == expected);
  }
  CHECK(applied("ctma", strange, {3, 1, 2, 0, 4}, 1, {{"rule", std::string("weighted_median")}}) ==
        applied("ctma", vectors, {3, 1, 2, 0, 4}, 1, {{"rule", std::string("weighted_median")}}));
}

TEST_CASE("half of the weight is not more than half, whatever the rounding", "[rules]") {
  // 0.1 + 0.2 + 0.3 is above 0.6 in double; of 1.2 they are half.
  CHECK(applied<double>("weighted_median", {{1}, {2}, {3}, {4}}, {0.1, 0.2, 0.3, 0.6}, 0) ==
        std::vector<double>{4});
}

TEST_CASE("a share of the weight is trimmed, in part at the boundary", "[rules]") {
  // Of 6 a quarter is 1.5: 1.5 of the weight of 1 is left, all of 5, 0.5 of the weight of 9.
  CHECK(applied<double>("weighted_trimmed_mean", {{1}, {5}, {9}}, {3, 1, 2}, 1,
                        {{"share", 0.25}})[0] == Approx((1.5 * 1 + 5 + 0.5 * 9) / 3));
  // From 5, three quarters of 6: 5, all of 1 (as near as 9, and before it), 0.5 of 9.
  CHECK(applied<double>("ctma", {{1}, {5}, {9}}, {3, 1, 2}, 1, {{"share", 0.25}})[0] ==
        Approx((5 + 3 * 1 + 0.5 * 9) / 4.5));
}

}  // namespace byzsim::weighted_rules_test
