#include "core/rules/rule.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>

#include "core/exact/random.h"
#include "core/kernels/vector_kernels.h"
#include "core/machine/shards.h"
#include "core/rules/subset_search.h"
#include "tests/catch.h"

namespace byzsim::rules_test {
namespace {

template <class Real>
using Vectors = std::vector<std::vector<Real>>;

const float kInfinity = std::numeric_limits<float>::infinity();
const float kNan = std::numeric_limits<float>::quiet_NaN();

template <class Real>
std::vector<Real> apply(const Rule& rule, const Vectors<Real>& vectors, int f,
                        const Parameters& changes = {}, int threads = 1) {
  Parameters parameters = defaults(rule.declaration.parameters);
  for (const auto& [name, value] : changes.values()) parameters.set(name, value);
  std::vector<const Real*> pointers;
  for (const auto& vector : vectors) pointers.push_back(vector.data());
  const Executor executor(threads);
  // NaN where a rule leaves anything unwritten.
  std::vector<Real> out(vectors.at(0).size(), std::numeric_limits<Real>::quiet_NaN());
  RuleInput<Real> input{pointers, out.size(), f, parameters, executor};
  // The last is honest wherever a test forges some.
  if (rule.needs_own) input.own = vectors.size() - 1;
  const std::function<double(const Real*)> equal_losses = [](const Real*) { return 1.0; };
  input.loss = &equal_losses;
  const std::vector<Real> origin(out.size());
  if (rule.needs_reference) input.model = origin.data(), input.reference = pointers.back();
  rule.aggregate(input, out.data());
  return out;
}

std::vector<float> apply(const char* rule, const Vectors<float>& vectors, int f,
                         const Parameters& changes = {}) {
  return apply(rules().at(rule), vectors, f, changes);
}

Parameters choosing(std::string parameter, std::string chosen) {
  Parameters parameters;
  parameters.set(std::move(parameter), std::move(chosen));
  return parameters;
}

Vectors<float> random_vectors(std::uint64_t seed, int n, std::size_t dimension) {
  Vectors<float> vectors(static_cast<std::size_t>(n), std::vector<float>(dimension));
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    Stream stream(seed, Purpose::attack, i, dimension);
    for (float& value : vectors[i]) value = static_cast<float>(stream.uniform(-1, 1));
  }
  return vectors;
}

// Multiples of 27720, which 1 ... 12 divide: sums and means of up to 12 of them are exact.
Vectors<float> divisible_vectors(std::uint64_t seed, int n, std::size_t dimension) {
  Vectors<float> vectors = random_vectors(seed, n, dimension);
  for (auto& vector : vectors)
    for (float& value : vector) value = 27720 * std::round(20 * value);
  return vectors;
}

std::uint64_t bits_digest(const std::vector<float>& vector) {
  std::uint64_t digest = 0;
  for (const float value : vector)
    digest = digest * 0x9e3779b97f4a7c15 + std::bit_cast<std::uint32_t>(value);
  return digest;
}

bool is_finite(const std::vector<float>& vector) {
  return all_finite(vector.data(), vector.size());
}

TEST_CASE("The average is the mean of every coordinate", "[rules]") {
  // ByzFL's documentation.
  CHECK(apply("average", {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, 0) == std::vector<float>{4, 5, 6});
}

TEST_CASE("The median of an even number takes the middle it is told", "[rules]") {
  const Vectors<float> vectors = {{1, 10}, {2, 20}, {4, 40}, {8, 80}};
  CHECK(apply("median", vectors, 1) == std::vector<float>{3, 30});  // ByzFL, numpy
  CHECK(apply("median", vectors, 1, choosing("middle", "lower")) ==
        std::vector<float>{2, 20});  // torch.median
  CHECK(apply("median", vectors, 1, choosing("middle", "upper")) ==
        std::vector<float>{4, 40});  // krum's native code
}

TEST_CASE("Krum returns the vector nearest to its neighbours", "[rules]") {
  const Parameters as_byzfl = choosing("neighbours", "n-f-1");
  CHECK(apply("krum", {{1, 10}, {2, 20}, {4, 40}, {8, 80}}, 0, as_byzfl) ==
        std::vector<float>{4, 40});  // ByzFL with f = 0
  CHECK(apply("krum", {{1, 2}, {2, 3}, {3, 4}, {4, 5}, {kInfinity, kInfinity}}, 1, as_byzfl) ==
        std::vector<float>{2, 3});  // ByzFL; 2 and 3 tie
}

TEST_CASE("Krum's two neighbour counts choose differently", "[rules]") {
  // n = 5, f = 1. Two nearest others of 0, 1, 3, 10, 11, squared: 10, 5, 13, 50, 65.
  // Three nearest: 110, 86, 62, 131, 165.
  const Vectors<float> vectors = {{0}, {1}, {3}, {10}, {11}};
  CHECK(apply("krum", vectors, 1) == std::vector<float>{1});
  CHECK(apply("krum", vectors, 1, choosing("neighbours", "n-f-1")) == std::vector<float>{3});
}

TEST_CASE("MDA averages the tightest subset", "[rules]") {
  CHECK(apply("mda", {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, 1) ==
        std::vector<float>{2.5f, 3.5f, 4.5f});  // ByzFL's documentation: a tie
  CHECK(apply("mda", {{0}, {1}, {10}, {11}}, 1) == std::vector<float>{11.0f / 3});  // ByzFL: a tie
  CHECK(apply("mda", {{1, 2}, {2, 3}, {3, 4}, {4, 5}, {kNan, kNan}}, 1) ==
        std::vector<float>{2.5f, 3.5f});  // ByzFL
}

// What moving or scaling all vectors does not carry over to a rule's result: the reasons.
bool follows_translation(const Rule& rule) {
  for (const char* from_zero :
       {"geometric_median", "weighted_geometric_median", "centered_clipping", "cge", "sign_guard",
        "fools_gold", "afa", "clipped_clustering", "fltrust", "zeno"})
    if (rule.declaration.name == from_zero) return false;  // they look at the zero vector
  return true;
}
bool follows_scale(const Rule& rule) {
  // nu, tau and the largest norm are lengths, and a loss does not grow with the norm's square.
  for (const char* length : {"geometric_median", "weighted_geometric_median", "centered_clipping",
                             "clipped_clustering", "zeno"})
    if (rule.declaration.name == length) return false;
  return true;
}

bool depends_on_order(const Rule& rule) {
  // MoNNA's pivot, the own vector and the reference here are places in the order; of subsets with
  // the same widest pair MDA takes the first.
  return rule.declaration.name == "monna" || rule.declaration.name == "mda" || rule.needs_own ||
         rule.needs_reference;
}

TEST_CASE("The order of the vectors changes no rule's result but for rounding", "[rules]") {
  const Vectors<float> vectors = random_vectors(1, 11, 200);
  Vectors<float> reversed = vectors, rotated = vectors;
  std::reverse(reversed.begin(), reversed.end());
  std::rotate(rotated.begin(), rotated.begin() + 4, rotated.end());
  for (const Rule& rule : rules()) {
    if (depends_on_order(rule)) continue;
    CAPTURE(rule.declaration.name);
    const auto expected = apply(rule, vectors, 2);
    CHECK(distance(apply(rule, reversed, 2), expected) < 1e-5);
    CHECK(distance(apply(rule, rotated, 2), expected) < 1e-5);
  }
}

TEST_CASE("The order of the vectors changes no bit where sums run in order of rank", "[rules]") {
  const Vectors<float> vectors = random_vectors(1, 11, 1000);
  Vectors<float> rotated = vectors;
  std::rotate(rotated.begin(), rotated.begin() + 4, rotated.end());
  for (const char* rule : {"median", "trimmed_mean", "meamed", "phocas", "krum", "multi_krum",
                           "bulyan", "cge", "aksel"}) {
    CAPTURE(rule);
    CHECK(apply(rule, rotated, 2) == apply(rule, vectors, 2));
  }
}

TEST_CASE("Moving all vectors moves the result with them", "[rules]") {
  const Vectors<float> vectors = divisible_vectors(2, 11, 100);
  Vectors<float> moved = vectors;
  for (auto& vector : moved)
    for (float& value : vector) value += 4099;
  for (const Rule& rule : rules()) {
    if (!follows_translation(rule)) continue;
    std::vector<float> expected = apply(rule, vectors, 2);
    for (float& value : expected) value += 4099;
    CAPTURE(rule.declaration.name);
    CHECK(distance(apply(rule, moved, 2), expected) <= 1e-6 * norm(expected));
  }
}

TEST_CASE("Scaling by a power of two scales the result exactly", "[rules]") {
  const Vectors<float> vectors = random_vectors(3, 11, 100);
  for (const float scale : {0x1p-9f, 0x1p20f}) {
    Vectors<float> scaled = vectors;
    for (auto& vector : scaled)
      for (float& value : vector) value *= scale;
    for (const Rule& rule : rules()) {
      if (!follows_scale(rule)) continue;
      std::vector<float> expected = apply(rule, vectors, 2);
      for (float& value : expected) value *= scale;
      CAPTURE(rule.declaration.name, scale);
      CHECK(apply(rule, scaled, 2) == expected);
    }
  }
}

TEST_CASE("Equal vectors come out as they are", "[rules]") {
  const Vectors<float> vectors(11, random_vectors(7, 1, 40)[0]);
  for (const Rule& rule : rules()) {
    CAPTURE(rule.declaration.name);
    CHECK(distance(apply(rule, vectors, 2), vectors[0]) <= 1e-6);
  }
}

TEST_CASE("The result lies within the box of the vectors", "[rules]") {
  const Vectors<float> vectors = random_vectors(8, 11, 300);
  for (const Rule& rule : rules()) {
    // It makes vectors as long as the reference.
    if (rule.declaration.name == "fltrust") continue;
    const auto result = apply(rule, vectors, 2);
    for (std::size_t c = 0; c < result.size(); ++c) {
      float low = 0, high = 0;  // the zero vector is a start
      for (const auto& vector : vectors) {
        low = std::min(low, vector[c]);
        high = std::max(high, vector[c]);
      }
      CAPTURE(rule.declaration.name, c);
      CHECK((low <= result[c] && result[c] <= high));
    }
  }
}

TEST_CASE("As many non-finite vectors as declared make no result non-finite", "[rules]") {
  for (const Rule& rule : rules()) {
    if (rule.proven.times_f == 0) continue;  // tolerates no Byzantine vector
    for (const int f : {1, 2, 3}) {
      // At least as many as the places that are forged below.
      const int n = std::max(rule.proven.times_f * f + rule.proven.plus, 2 * f + 1);
      for (const float strange : {kNan, -kNan, kInfinity, -kInfinity}) {
        for (const bool everywhere : {true, false}) {
          Vectors<float> vectors = random_vectors(4, n, 50);
          for (int i = 0; i < f; ++i) {
            auto& forged = vectors[static_cast<std::size_t>(2 * i)];
            if (everywhere) std::fill(forged.begin(), forged.end(), strange);
            forged[7] = strange;
          }
          CAPTURE(rule.declaration.name, n, f, strange, everywhere);
          CHECK(is_finite(apply(rule, vectors, f)));
        }
      }
    }
  }
}

// Rules that look at directions alone have no measure of size.
bool bounds_size(const Rule& rule) {
  return rule.proven.times_f > 0 && rule.declaration.name != "fools_gold" &&
         rule.declaration.name != "afa";
}

TEST_CASE("Huge Byzantine vectors leave the result near the honest ones", "[rules]") {
  for (const Rule& rule : rules()) {
    if (!bounds_size(rule)) continue;
    const int f = 2, n = std::max(rule.proven.times_f * f + rule.proven.plus, 2 * f + 1);
    for (const float huge : {1e6f, 1e20f, 3e38f}) {
      Vectors<float> vectors = random_vectors(9, n, 50);
      for (const std::size_t i : {0, 3}) vectors[i].assign(50, i == 0 ? huge : -huge);
      if (rule.declaration.name == "monna") std::swap(vectors[0], vectors[1]);
      CAPTURE(rule.declaration.name, huge);
      CHECK(norm(apply(rule, vectors, f)) < 60);  // tau of 100 over 21 vectors, twice
    }
  }
}

TEST_CASE("Sums of the largest doubles overflow in no rule", "[rules]") {
  const double huge = std::numeric_limits<double>::max();
  const Vectors<double> vectors(11, {huge, -huge, 1});
  for (const Rule& rule : rules()) {
    CAPTURE(rule.declaration.name);
    CHECK(all_finite(apply(rule, vectors, 2).data(), 3));
  }
}

TEST_CASE("Squares that overflow make no rule choose a non-finite vector", "[rules]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Vectors<double> vectors = {{nan}, {1e300}, {-1e300}, {1.7e308}, {1.6e308}};
  CHECK(apply(rules().at("krum"), vectors, 1) == std::vector<double>{1e300});
  CHECK(std::isfinite(apply(rules().at("mda"), vectors, 1)[0]));
}

TEST_CASE("The number of threads changes no bit of any rule", "[rules]") {
  const Vectors<float> vectors = random_vectors(5, 11, 5 * kShardSize + 3);
  for (const Rule& rule : rules()) {
    const std::uint64_t one = bits_digest(apply(rule, vectors, 2, {}, 1));
    for (const int threads : {2, 3, 8}) {
      CAPTURE(rule.declaration.name, threads);
      CHECK(bits_digest(apply(rule, vectors, 2, {}, threads)) == one);
    }
  }
}

TEST_CASE("Bounds and condition of every rule go together", "[rules]") {
  for (const Rule& rule : rules()) {
    CAPTURE(rule.declaration.name);
    CHECK_FALSE(rule.cost.empty());
    CHECK(rule.cost.starts_with("n^2") == (rule.growth == Growth::pairs));
    CHECK(rule.cost.starts_with("n log(n)") == (rule.growth == Growth::sorting));
    for (std::int64_t f = 0; f < 9; ++f) CHECK(rule.computable.least(f) <= rule.proven.least(f));
  }
}

TEST_CASE("Every rule has the condition of its paper", "[rules]") {
  const std::map<std::string, std::string> special = {
      {"average", "n >= 1"},                 // with f = 0 alone
      {"krum", "n >= 2f + 3"},               // Blanchard et al., NeurIPS 2017: 2f + 2 < n
      {"multi_krum", "n >= 2f + 3"},         // the same
      {"weighted_krum", "n >= 2f + 3"},      // Krum's
      {"bulyan", "n >= 4f + 3"},             // El-Mhamdi et al., ICML 2018
      {"monna", "n >= 5f + 1"},              // Farhadkhani et al., ICML 2023: f < n / 5
      {"gas", "n >= 2f + 3"},                // that of Krum in every chunk
      {"hyperbox", "n >= 3f + 1"},           // t < n / 3, as we understand it
      {"fltrust", "n >= f + 1"},             // an honest vector
      {"zeno", "n >= f + 1"},                // the same
      {"bridge", "n >= 2f + 2"},             // of n - 1 neighbours 2f are trimmed, and one is left
      {"centered_clipping", "n >= 10f + 1"}  // Karimireddy et al., ICML 2021: f < n / 10
  };
  for (const Rule& rule : rules()) {
    const auto found = special.find(rule.declaration.name);
    CAPTURE(rule.declaration.name);
    CHECK(to_string(rule.proven) == (found == special.end() ? "n >= 2f + 1" : found->second));
  }
}

TEST_CASE("The published variance bounds come out", "[rules]") {
  CHECK(rules().at("mda").variance_bound(20, 6) == Approx(1.1667).epsilon(1e-4));
  CHECK(rules().at("median").variance_bound(20, 6) == Approx(0.26726).epsilon(1e-4));
  CHECK(rules().at("krum").variance_bound(20, 6) == Approx(0.0693).epsilon(1e-3));
  CHECK(std::isinf(rules().at("mda").variance_bound(20, 0)));
}

TEST_CASE("Every rule answers to its lowest computable count", "[rules]") {
  for (const Rule& rule : rules())
    for (const int f : {0, 1, 2}) {
      const auto n = static_cast<int>(std::max<std::int64_t>(1, rule.computable.least(f)));
      CAPTURE(rule.declaration.name, n, f);
      CHECK(is_finite(apply(rule, random_vectors(10, n, 3), f)));
    }
}

TEST_CASE("A count below what a rule can compute is a programmer error", "[rules]") {
  CHECK_THROWS_AS(apply("krum", {{1}, {2}}, 1), InternalError);
  CHECK_THROWS_AS(apply("mda", {{1}, {2}}, 2), InternalError);
}

double largest_distance(const Vectors<float>& vectors) {
  double largest = 0;
  for (const auto& a : vectors)
    for (const auto& b : vectors) largest = std::max(largest, distance(a, b));
  return largest;
}

// What one server's MDA makes of `heard` of the honest vectors and f forged ones at a distance of
// about `reach`.
std::vector<float> mda_of_quorum(Stream& stream, const Vectors<float>& correct, std::size_t heard,
                                 int f, double reach) {
  Vectors<float> quorum;
  const std::size_t first = stream.below(correct.size());
  for (std::size_t i = 0; i < heard; ++i) quorum.push_back(correct[(first + i) % correct.size()]);
  for (int i = 0; i < f; ++i) {
    std::vector<float> forged = correct[stream.below(correct.size())];
    for (float& value : forged) value += static_cast<float>(reach * stream.uniform(-1, 1));
    quorum.insert(quorum.begin() + static_cast<std::ptrdiff_t>(stream.below(heard)), forged);
  }
  return apply("mda", quorum, f);
}

TEST_CASE("MDA stays within one diameter of an honest vector, two MDAs within three", "[rules]") {
  // With q >= 2f + 1 inputs the selected set is no wider than the honest ones and holds one of
  // them (El-Mhamdi et al., PODC 2020).
  constexpr double kRounding = 1 + 1e-6;
  for (std::uint64_t round = 0; round < 500; ++round) {
    Stream stream(6, Purpose::attack, 0, round);
    const int f = static_cast<int>(1 + stream.below(4));
    const std::size_t heard = static_cast<std::size_t>(f) + 1 + stream.below(3);
    const Vectors<float> correct =
        random_vectors(round, static_cast<int>(heard + stream.below(4)), 1 + stream.below(6));
    const double diameter = largest_distance(correct);
    const double reach = 3 * stream.uniform();
    const auto a = mda_of_quorum(stream, correct, heard, f, reach);
    const auto b = mda_of_quorum(stream, correct, heard, f, reach);
    double nearest = kInfinity;
    for (const auto& vector : correct) nearest = std::min(nearest, distance(a, vector));
    CAPTURE(round, f, heard, diameter);
    CHECK(nearest <= diameter * kRounding);
    CHECK(distance(a, b) <= 3 * diameter * kRounding);
  }
}

TEST_CASE("SMEA's search can be broken off", "[rules]") {
  SymmetricMatrix products(3);
  for (std::size_t i = 0; i < 3; ++i) products.set(i, i, 1);
  const Executor executor(1, Launched::soon, [] { throw std::runtime_error("enough"); });
  const std::vector<std::size_t> all{0, 1, 2};
  CHECK_THROWS_WITH(least_spread_subset(products, all, 2, executor), "enough");
}

}  // namespace
}  // namespace byzsim::rules_test
