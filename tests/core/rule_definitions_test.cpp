// Every rule against its definition, written down here a second time as plainly as possible: one
// coordinate or one pair at a time, all subsets enumerated, in double.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "core/exact/random.h"
#include "core/rules/rule.h"
#include "tests/catch.h"

namespace byzsim::rule_definitions_test {
namespace {

using Vector = std::vector<double>;
using Vectors = std::vector<Vector>;
using Indices = std::vector<std::size_t>;

Vectors random_vectors(std::uint64_t seed, int n, std::size_t dimension) {
  Vectors vectors(static_cast<std::size_t>(n), Vector(dimension));
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    Stream stream(seed, Purpose::attack, i, dimension);
    for (double& value : vectors[i]) value = stream.uniform(-1, 1);
  }
  vectors[1].assign(dimension, 9.0);  // two outliers
  vectors[2][0] = -7;
  return vectors;
}

Vector apply(const char* name, const Vectors& vectors, int f, const Parameters& changes = {},
             const Vector* previous = nullptr) {
  const Rule& rule = rules().at(name);
  Parameters parameters = defaults(rule.declaration.parameters);
  for (const auto& [key, value] : changes.values()) parameters.set(key, value);
  std::vector<const double*> pointers;
  for (const auto& vector : vectors) pointers.push_back(vector.data());
  const Executor executor(1);
  Vector out(vectors.at(0).size());
  rule.aggregate(RuleInput<double>{pointers, out.size(), f, parameters, executor,
                                   previous ? previous->data() : nullptr},
                 out.data());
  return out;
}

Parameters with(std::string key, Value value) {
  return Parameters({{std::move(key), std::move(value)}});
}

double squared(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t c = 0; c < a.size(); ++c) sum += (a[c] - b[c]) * (a[c] - b[c]);
  return sum;
}

Vector mean(const Vectors& vectors) {
  Vector sum(vectors[0].size(), 0.0);
  for (const auto& vector : vectors)
    for (std::size_t c = 0; c < sum.size(); ++c)
      sum[c] += vector[c] / static_cast<double>(vectors.size());
  return sum;
}

Vectors chosen(const Vectors& vectors, const Indices& indices) {
  Vectors some;
  for (const std::size_t i : indices) some.push_back(vectors[i]);
  return some;
}

// The first `count` indices in order of score.
Indices best(std::size_t n, std::size_t count, const std::function<double(std::size_t)>& score) {
  Indices all(n);
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::stable_sort(all.begin(), all.end(),
                   [&](std::size_t a, std::size_t b) { return score(a) < score(b); });
  all.resize(count);
  return all;
}

Vector nearest_mean(const Vectors& vectors, const Vector& point, std::size_t count) {
  return mean(chosen(vectors, best(vectors.size(), count,
                                   [&](std::size_t i) { return squared(vectors[i], point); })));
}

// One coordinate at a time.
Vector per_coordinate(const Vectors& vectors, const std::function<double(Vector)>& of_sorted) {
  Vector result(vectors[0].size());
  for (std::size_t c = 0; c < result.size(); ++c) {
    Vector column;
    for (const auto& vector : vectors) column.push_back(vector[c]);
    std::sort(column.begin(), column.end());
    result[c] = of_sorted(column);
  }
  return result;
}

double middle(const Vector& sorted) {
  return (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]) / 2;
}
double trimmed(const Vector& sorted, std::size_t f) {
  double sum = 0;
  for (std::size_t i = f; i + f < sorted.size(); ++i) sum += sorted[i];
  return sum / static_cast<double>(sorted.size() - 2 * f);
}
double around(const Vector& sorted, double centre, std::size_t count) {
  double sum = 0;
  for (const std::size_t i :
       best(sorted.size(), count, [&](std::size_t k) { return std::fabs(sorted[k] - centre); }))
    sum += sorted[i];
  return sum / static_cast<double>(count);
}

double krum_score(const Vectors& vectors, std::size_t i, std::size_t neighbours) {
  Vector others;
  for (std::size_t j = 0; j < vectors.size(); ++j)
    if (j != i) others.push_back(squared(vectors[i], vectors[j]));
  std::sort(others.begin(), others.end());
  return std::accumulate(others.begin(), others.begin() + static_cast<std::ptrdiff_t>(neighbours),
                         0.0);
}

Indices krum_order(const Vectors& vectors, std::size_t neighbours) {
  return best(vectors.size(), vectors.size(),
              [&](std::size_t i) { return krum_score(vectors, i, neighbours); });
}

void check_equal(const Vector& found, const Vector& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t c = 0; c < found.size(); ++c)
    CHECK(found[c] == Approx(expected[c]).epsilon(1e-9).margin(1e-12));
}

// The largest eigenvalue of the scatter, by many power iterations on the coordinates.
double largest_eigenvalue(const Vectors& vectors) {
  const Vector centre = mean(vectors);
  Vector direction(centre.size());
  for (std::size_t c = 0; c < direction.size(); ++c) direction[c] = 1 + 0.1 * double(c);
  double length = 0;
  for (int round = 0; round < 3000; ++round) {
    Vector image(centre.size(), 0.0);
    for (const auto& vector : vectors) {
      double along = 0;
      for (std::size_t c = 0; c < centre.size(); ++c)
        along += (vector[c] - centre[c]) * direction[c];
      for (std::size_t c = 0; c < centre.size(); ++c) image[c] += along * (vector[c] - centre[c]);
    }
    length = std::sqrt(squared(image, Vector(image.size(), 0.0)));
    if (length == 0) return 0;
    for (std::size_t c = 0; c < image.size(); ++c) direction[c] = image[c] / length;
  }
  return length;
}

TEST_CASE("The trimmed mean leaves out f values at either end", "[rules]") {
  const Vectors vectors = random_vectors(1, 9, 20);
  check_equal(apply("trimmed_mean", vectors, 2),
              per_coordinate(vectors, [](const Vector& x) { return trimmed(x, 2); }));
}

TEST_CASE("Meamed averages around the median", "[rules]") {
  const Vectors vectors = random_vectors(2, 8, 20);
  check_equal(apply("meamed", vectors, 2),
              per_coordinate(vectors, [](const Vector& x) { return around(x, middle(x), 6); }));
  check_equal(apply("meamed", vectors, 2, with("middle", std::string("upper"))),
              per_coordinate(vectors, [](const Vector& x) { return around(x, x[4], 6); }));
}

TEST_CASE("Phocas averages around the trimmed mean", "[rules]") {
  const Vectors vectors = random_vectors(3, 9, 20);
  check_equal(apply("phocas", vectors, 2),
              per_coordinate(vectors, [](const Vector& x) { return around(x, trimmed(x, 2), 7); }));
}

TEST_CASE("Multi-Krum averages the m best scores", "[rules]") {
  const Vectors vectors = random_vectors(4, 10, 5);
  Indices order = krum_order(vectors, 10 - 2 - 2);
  const auto first = [&](std::size_t m) {
    return mean(chosen(vectors, Indices(order.begin(), order.begin() + std::ptrdiff_t(m))));
  };
  check_equal(apply("multi_krum", vectors, 2), first(6));
  check_equal(apply("multi_krum", vectors, 2, with("m", std::string("n-f"))), first(8));
  check_equal(apply("multi_krum", vectors, 2, with("m", std::int64_t{3})), first(3));
  check_equal(apply("multi_krum", vectors, 2, with("m", std::int64_t{999})), first(10));
}

// The reference of both selections: what each round adds, and how many values count in the end.
Vector bulyan(Vectors left, std::size_t f, bool means) {
  const std::size_t rounds = left.size() - 2 * f - (means ? 2 : 0);
  Vectors selected;
  for (std::size_t round = 0; round < rounds; ++round) {
    const std::size_t neighbours = left.size() < f + 2 ? 0 : left.size() - f - 2;
    Indices order = krum_order(left, neighbours);
    selected.push_back(mean(chosen(
        left, Indices(order.begin(), order.begin() + std::ptrdiff_t(means ? neighbours : 1)))));
    left.erase(left.begin() + std::ptrdiff_t(order[0]));
  }
  return per_coordinate(selected,
                        [&](const Vector& x) { return around(x, middle(x), x.size() - 2 * f); });
}

TEST_CASE("Bulyan averages around the median of what repeated Krum selects", "[rules]") {
  for (const std::size_t f : {1, 2}) {
    const Vectors vectors = random_vectors(5 + f, static_cast<int>(4 * f + 5), 7);
    check_equal(apply("bulyan", vectors, static_cast<int>(f)), bulyan(vectors, f, true));
    check_equal(
        apply("bulyan", vectors, static_cast<int>(f), with("selection", std::string("krum"))),
        bulyan(vectors, f, false));
  }
}

// The rounds of the authors' code: a distance is subtracted from the scores of those vectors alone
// that had counted the excluded one among their n - f - 2 nearest.
Vector bulyan_of_authors(const Vectors& vectors, std::size_t f, std::size_t which) {
  const std::size_t n = vectors.size(), most = n - f - 2;
  std::vector<Indices> neighbours;
  Vector scores;
  for (std::size_t i = 0; i < n; ++i) {
    Indices order =
        best(n, n, [&](std::size_t j) { return j == i ? -1 : squared(vectors[i], vectors[j]); });
    neighbours.emplace_back(order.begin() + 1, order.begin() + 1 + std::ptrdiff_t(most));
    scores.push_back(krum_score(vectors, i, most));
  }
  Vectors selected;
  for (std::size_t round = 0; round < n - 2 * f - 2; ++round) {
    const Indices order = best(n, most - round, [&](std::size_t i) { return scores[i]; });
    selected.push_back(mean(chosen(vectors, order)));
    const std::size_t gone = order[0];
    for (std::size_t i = 0; i < n; ++i)
      if (std::count(neighbours[i].begin(), neighbours[i].end(), gone) > 0)
        scores[i] -= squared(vectors[i], vectors[gone]);
    scores[gone] = std::numeric_limits<double>::infinity();
  }
  return per_coordinate(selected, [&](const Vector& x) {
    const double centre = which == 0 ? middle(x) : x[(x.size() - 2 + which) / 2];
    return around(x, centre, x.size() - 2 * f);
  });
}

TEST_CASE("Bulyan can select as its authors' code does", "[rules]") {
  int other = 0;
  for (std::uint64_t seed = 30; seed < 60; ++seed) {
    // 11 or 12 vectors: 5 or 6 rounds, the latter with two middle values.
    const Vectors vectors = random_vectors(seed, 11 + int(seed % 2), 7);
    Parameters parameters = with("selection", std::string("authors_code"));
    for (const auto& [middle, which] :
         {std::pair("auto", 2), {"upper", 2}, {"lower", 1}, {"mean", 0}}) {
      parameters.set("middle", std::string(middle));
      check_equal(apply("bulyan", vectors, 2, parameters),
                  bulyan_of_authors(vectors, 2, std::size_t(which)));
    }
    other += apply("bulyan", vectors, 2) != apply("bulyan", vectors, 2, parameters);
  }
  CHECK(other > 0);  // scoring anew gives another result
}

TEST_CASE("Bulyan takes the middle that it is told to", "[rules]") {
  // One coordinate, n = 8 and f = 1: four means, of which two values count.
  const Vectors vectors = {{0.0}, {1.0}, {2.1}, {3.3}, {4.6}, {6.0}, {7.5}, {9.1}};
  const auto by = [&](const char* middle) {
    return apply("bulyan", vectors, 1, with("middle", std::string(middle)));
  };
  CHECK(by("auto") == by("mean"));
  CHECK(by("lower") <= by("upper"));
  CHECK(by("lower") != by("upper"));
}

// Weiszfeld's rounds on the coordinates.
Vector weiszfeld(const Vectors& vectors, Vector z, double nu, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    Vector sum(z.size(), 0.0);
    double total = 0;
    for (const auto& vector : vectors) {
      const double weight = 1 / std::max(nu, std::sqrt(squared(z, vector)));
      total += weight;
      for (std::size_t c = 0; c < z.size(); ++c) sum[c] += weight * vector[c];
    }
    for (std::size_t c = 0; c < z.size(); ++c) z[c] = sum[c] / total;
  }
  return z;
}

TEST_CASE("The geometric median takes Weiszfeld's rounds", "[rules]") {
  const Vectors vectors = random_vectors(8, 9, 6);
  const Vector zero(6, 0.0);
  check_equal(apply("geometric_median", vectors, 2), weiszfeld(vectors, zero, 0.1, 3));
  for (const std::int64_t rounds : {0, 1, 2, 8, 50}) {
    check_equal(apply("geometric_median", vectors, 2, with("iterations", rounds)),
                weiszfeld(vectors, zero, 0.1, int(rounds)));
    Parameters parameters = with("iterations", rounds);
    parameters.set("start", std::string("mean"));
    check_equal(apply("geometric_median", vectors, 2, parameters),
                weiszfeld(vectors, mean(vectors), 0.1, int(rounds)));
  }
}

TEST_CASE("The geometric median keeps its digits beside a huge vector", "[rules]") {
  Vectors vectors = random_vectors(9, 9, 6);
  for (const double huge : {1e8, 1e30, 1e100}) {
    vectors[1].assign(6, huge);
    check_equal(apply("geometric_median", vectors, 2), weiszfeld(vectors, Vector(6, 0.0), 0.1, 3));
  }
}

TEST_CASE("The geometric median stops once it moves no further than told", "[rules]") {
  const Vectors vectors = random_vectors(10, 9, 6);
  Parameters parameters = with("iterations", std::int64_t{1000});
  const Vector limit = apply("geometric_median", vectors, 2, parameters);
  parameters.set("tolerance", 1e-3);
  const double off = std::sqrt(squared(apply("geometric_median", vectors, 2, parameters), limit));
  CHECK(off > 0);
  CHECK(off < 0.05);
}

Vector clipped_rounds(const Vectors& vectors, Vector v, double tau, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    Vector next = v;
    for (const auto& vector : vectors) {
      const double length = std::sqrt(squared(v, vector));
      const double factor = (length > tau ? tau / length : 1) / double(vectors.size());
      for (std::size_t c = 0; c < v.size(); ++c) next[c] += factor * (vector[c] - v[c]);
    }
    v = next;
  }
  return v;
}

TEST_CASE("Centered clipping moves by clipped differences from where it is told", "[rules]") {
  Vectors vectors = random_vectors(11, 12, 6);
  vectors[4].assign(6, 1e25);
  const Vector zero(6, 0.0), last(6, 0.5);
  for (const std::int64_t rounds : {0, 1, 2, 5}) {
    Parameters parameters = with("iterations", rounds);
    parameters.set("tau", 1.5);
    const int count = static_cast<int>(rounds);
    check_equal(apply("centered_clipping", vectors, 1, parameters),
                clipped_rounds(vectors, zero, 1.5, count));
    check_equal(apply("centered_clipping", vectors, 1, parameters, &last),
                clipped_rounds(vectors, last, 1.5, count));
    parameters.set("start", std::string("zero"));
    check_equal(apply("centered_clipping", vectors, 1, parameters, &last),
                clipped_rounds(vectors, zero, 1.5, count));
  }
}

TEST_CASE("Centered clipping leaves nothing of a huge start that every vector pulls away from",
          "[rules]") {
  const Vectors vectors = random_vectors(18, 7, 6);
  const Vector last(6, 1e30);
  check_equal(apply("centered_clipping", vectors, 1, with("tau", 1e300), &last), mean(vectors));
}

TEST_CASE("Centered clipping can start from the mean", "[rules]") {
  const Vectors vectors = random_vectors(12, 12, 6);
  Parameters parameters = with("start", std::string("mean"));
  parameters.set("tau", 0.5);
  check_equal(apply("centered_clipping", vectors, 1, parameters),
              clipped_rounds(vectors, mean(vectors), 0.5, 1));
}

TEST_CASE("CGE averages the shortest vectors", "[rules]") {
  const Vectors vectors = random_vectors(13, 9, 6);
  check_equal(apply("cge", vectors, 2), nearest_mean(vectors, Vector(6, 0.0), 7));
}

TEST_CASE("Aksel averages the vectors nearest to the median", "[rules]") {
  const Vectors vectors = random_vectors(14, 10, 6);
  const Vector median = per_coordinate(vectors, middle);
  check_equal(apply("aksel", vectors, 2), nearest_mean(vectors, median, 5));
  check_equal(apply("aksel", vectors, 2, with("mode", std::string("n-f"))),
              nearest_mean(vectors, median, 8));
}

TEST_CASE("MoNNA averages the vectors nearest to its pivot", "[rules]") {
  const Vectors vectors = random_vectors(15, 11, 6);
  check_equal(apply("monna", vectors, 2), nearest_mean(vectors, vectors[0], 9));
  check_equal(apply("monna", vectors, 2, with("pivot", std::int64_t{3})),
              nearest_mean(vectors, vectors[3], 9));
}

TEST_CASE("MoNNA takes the last vector for a pivot beyond it", "[rules]") {
  const Vectors vectors = random_vectors(16, 11, 6);
  check_equal(apply("monna", vectors, 2, with("pivot", std::int64_t{11})),
              nearest_mean(vectors, vectors[10], 9));
}

Vector smea_by_enumeration(const Vectors& vectors, std::size_t size) {
  double least = std::numeric_limits<double>::infinity();
  Vector result;
  for (unsigned mask = 0; mask < 1u << vectors.size(); ++mask) {
    Indices members;
    for (std::size_t i = 0; i < vectors.size(); ++i)
      if (mask >> i & 1) members.push_back(i);
    if (members.size() != size) continue;
    const double spread = largest_eigenvalue(chosen(vectors, members));
    if (spread < least) {
      least = spread;
      result = mean(chosen(vectors, members));
    }
  }
  return result;
}

TEST_CASE("SMEA averages the subset of least spread", "[rules]") {
  for (std::uint64_t seed = 17; seed < 22; ++seed) {
    const Vectors vectors = random_vectors(seed, 8, 3);
    for (const int f : {1, 2, 3})
      check_equal(apply("smea", vectors, f),
                  smea_by_enumeration(vectors, static_cast<std::size_t>(8 - f)));
  }
}

TEST_CASE("SMEA takes the first of two subsets that spread alike", "[rules]") {
  check_equal(apply("smea", {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, 1), {2.5, 3.5, 4.5});
}

// One coordinate: the widest direction is the axis.
Vector caf_on_a_line(const Vector& x, double enough) {
  Vector counts(x.size(), 1.0);
  double least = std::numeric_limits<double>::infinity(), result = 0;
  for (;;) {
    double total = 0, centre = 0, variance = 0, largest = 0;
    for (std::size_t i = 0; i < x.size(); ++i) total += counts[i], centre += counts[i] * x[i];
    if (total <= enough) return {result};
    centre /= total;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double part = (x[i] - centre) * (x[i] - centre);
      variance += counts[i] * part / total;
      if (counts[i] > 0) largest = std::max(largest, part);
    }
    if (variance < least) least = variance, result = centre;
    if (largest == 0) return {result};
    for (std::size_t i = 0; i < x.size(); ++i)
      counts[i] *= std::max(0.0, 1 - (x[i] - centre) * (x[i] - centre) / largest);
  }
}

TEST_CASE("CAF lowers the weights along the widest direction", "[rules]") {
  const Vector x = {0.1, 9.0, -7.0, 0.3, 0.25, -0.4, 0.05, 0.6, -0.2};
  Vectors vectors;
  for (const double value : x) vectors.push_back({value});
  check_equal(apply("caf", vectors, 2), caf_on_a_line(x, 5));
  // The same line, lying askew.
  Vectors askew;
  for (const double value : x) askew.push_back({0.6 * value + 1, 0.8 * value - 2});
  const double along = caf_on_a_line(x, 5)[0];
  check_equal(apply("caf", askew, 2), {0.6 * along + 1, 0.8 * along - 2});
}

}  // namespace
}  // namespace byzsim::rule_definitions_test
