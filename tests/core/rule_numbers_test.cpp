// Every rule of the table against its definition in long double, over vectors of any size, with
// and without outliers: a relative error of 1e-9 in double and 2e-6 in float.
#include <functional>
#include <map>
#include <string>

#include "core/exact/random.h"
#include "core/rules/rule.h"
#include "tests/catch.h"
#include "tests/core/long_definitions.h"
#include "tests/core/long_edge_definitions.h"
#include "tests/core/long_filter_definitions.h"

namespace byzsim::rule_numbers_test {
namespace {

using namespace long_definitions;
using Settings = std::vector<std::pair<std::string, Value>>;
using Definition = std::function<Vector(const Vectors&, std::size_t f)>;

struct Variant {
  std::string rule;
  Settings settings;
  Definition definition;
};

Vector zeros(const Vectors& x) { return Vector(x[0].size(), 0); }

std::vector<Variant> coordinatewise_variants() {
  return {
      {"average", {}, [](const Vectors& x, std::size_t) { return mean(x); }},
      {"median", {}, [](const Vectors& x, std::size_t) { return median(x); }},
      {"trimmed_mean",
       {},
       [](const Vectors& x, std::size_t f) {
         return per_coordinate(x, [&](const Vector& v) { return trimmed(v, f); });
       }},
      {"meamed",
       {},
       [](const Vectors& x, std::size_t f) {
         return per_coordinate(x,
                               [&](const Vector& v) { return around(v, middle(v), v.size() - f); });
       }},
      {"phocas",
       {},
       [](const Vectors& x, std::size_t f) {
         return per_coordinate(
             x, [&](const Vector& v) { return around(v, trimmed(v, f), v.size() - f); });
       }},
  };
}

std::vector<Variant> selecting_variants() {
  return {
      {"krum", {}, [](const Vectors& x, std::size_t f) { return multi_krum(x, f, 1); }},
      {"multi_krum",
       {},
       [](const Vectors& x, std::size_t f) { return multi_krum(x, f, x.size() - f - 2); }},
      {"bulyan", {}, [](const Vectors& x, std::size_t f) { return bulyan(x, f, true); }},
      {"bulyan",
       {{"selection", std::string("krum")}},
       [](const Vectors& x, std::size_t f) { return bulyan(x, f, false); }},
      {"bulyan",
       {{"selection", std::string("authors_code")}},
       [](const Vectors& x, std::size_t f) { return bulyan_of_authors(x, f); }},
      {"mda",
       {},
       [](const Vectors& x, std::size_t f) { return least_subset(x, x.size() - f, diameter); }},
      {"smea",
       {},
       [](const Vectors& x, std::size_t f) { return least_subset(x, x.size() - f, spread); }},
      {"cge",
       {},
       [](const Vectors& x, std::size_t f) { return nearest_mean(x, zeros(x), x.size() - f); }},
      {"aksel",
       {},
       [](const Vectors& x, std::size_t) {
         return nearest_mean(x, median(x), (x.size() + 1) / 2);
       }},
      {"monna",
       {},
       [](const Vectors& x, std::size_t f) { return nearest_mean(x, x[0], x.size() - f); }},
  };
}

std::vector<Variant> iterating_variants() {
  const Value three = std::int64_t{3}, from_mean = std::string("mean");
  return {
      {"geometric_median",
       {},
       [](const Vectors& x, std::size_t) { return weiszfeld(x, zeros(x), 0.1, 3); }},
      {"geometric_median",
       {{"start", from_mean}, {"nu", 1e-12}, {"iterations", std::int64_t{30}}},
       [](const Vectors& x, std::size_t) { return weiszfeld(x, mean(x), 1e-12, 30); }},
      {"centered_clipping",
       {},
       [](const Vectors& x, std::size_t) { return clipped_rounds(x, zeros(x), 100, 1); }},
      {"centered_clipping",
       {{"start", from_mean}, {"tau", 0.5}, {"iterations", three}},
       [](const Vectors& x, std::size_t) { return clipped_rounds(x, mean(x), 0.5, 3); }},
      {"caf", {}, [](const Vectors& x, std::size_t f) { return caf(x, f); }},
  };
}

// With equal weights.
std::vector<Variant> weighted_variants() {
  return {
      {"weighted_median", {}, [](const Vectors& x, std::size_t) { return upper_median(x); }},
      {"weighted_geometric_median",
       {},
       [](const Vectors& x, std::size_t) { return weiszfeld(x, zeros(x), 0.1, 3); }},
      {"weighted_trimmed_mean",
       {},
       [](const Vectors& x, std::size_t f) {
         return per_coordinate(x, [&](const Vector& v) { return trimmed(v, f); });
       }},
      {"weighted_trimmed_mean",
       {{"share", 0.25}},
       [](const Vectors& x, std::size_t) {
         return per_coordinate(x, [](const Vector& v) { return quarter_trimmed(v); });
       }},
      {"weighted_krum", {}, [](const Vectors& x, std::size_t f) { return multi_krum(x, f, 1); }},
      {"ctma",
       {},
       [](const Vectors& x, std::size_t f) { return nearest_mean(x, median(x), x.size() - f); }},
      {"ctma",
       {{"rule", std::string("trimmed_mean")}},
       [](const Vectors& x, std::size_t f) {
         const Vector anchor = per_coordinate(x, [&](const Vector& v) { return trimmed(v, f); });
         return nearest_mean(x, anchor, x.size() - f);
       }},
  };
}

// The first vector is the own one.
std::vector<Variant> edge_variants() {
  const auto bridge = [](const char* screen, Definition definition) {
    return Variant{"bridge", {{"screen", std::string(screen)}}, std::move(definition)};
  };
  return {
      {"clipped_gossip",
       {},
       [](const Vectors& x, std::size_t f) { return clipped_to(x, adaptive_radius(x, f)); }},
      {"clipped_gossip",
       {{"radius", 0.5}},
       [](const Vectors& x, std::size_t) { return clipped_to(x, 0.5); }},
      {"cs_plus",
       {},
       [](const Vectors& x, std::size_t f) { return clipped_to(x, distance_ranked(x, 2 * f)); }},
      {"gts", {}, without_farthest},
      {"ios", {}, scissored},
      {"ubar",
       {},
       [](const Vectors& x, std::size_t) { return half_own(x, 4 * (x.size() - 1) / 10); }},
      bridge("trimmed_mean", bridged),
      bridge("median", [](const Vectors& x, std::size_t) { return median(x); }),
      bridge("krum", [](const Vectors& x, std::size_t f) { return multi_krum(x, f, 1); }),
      bridge("bulyan", [](const Vectors& x, std::size_t f) { return bulyan(x, f, true); }),
  };
}

// The first vector is the receiver's own gradient, too, and its loss is 0 everywhere.
std::vector<Variant> filtering_variants() {
  const Stream stream(0, Purpose::aggregation, 0, 0);
  return {
      {"dnc", {}, divided},
      {"sign_guard",
       {},
       [=](const Vectors& x, std::size_t f) { return sign_guarded(x, f, stream); }},
      {"gas",
       {},
       [=](const Vectors& x, std::size_t f) { return split_by_krum(x, f, 1000, stream); }},
      {"hyperbox",
       {},
       [](const Vectors& x, std::size_t f) { return middle_of_boxes(x, f, false); }},
      {"hyperbox",
       {{"of", std::string("mean")}},
       [](const Vectors& x, std::size_t f) { return middle_of_boxes(x, f, true); }},
      {"fools_gold", {}, gold_of_fools},
      {"afa", {}, [](const Vectors& x, std::size_t) { return alike_to_mean(x, 2); }},
      {"clipped_clustering",
       {},
       [](const Vectors& x, std::size_t) {
         return clipped_cluster(x, 1e5L, [](Number norm) { return norm; });
       }},
      {"fltrust", {}, [](const Vectors& x, std::size_t) { return trusted_by(x[0], x); }},
      {"zeno",
       {},
       [](const Vectors& x, std::size_t f) {
         return least_costs(
             x, f, [](std::size_t) { return Number(0); }, 1e-3L);
       }},
  };
}

std::vector<Variant> all_variants() {
  std::vector<Variant> all = coordinatewise_variants();
  for (const auto& some : {selecting_variants(), iterating_variants(), weighted_variants(),
                           edge_variants(), filtering_variants()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

enum class Shape { cloud, beside_one, far_from_zero };

struct Situation {
  double spread;
  double outliers;  // their size; 0: none
  Shape shape;
  std::uint64_t seed;
};

// The last two are outliers. Beside one: a vector is zero, as the first iterate is, and another
// lies close to a third.
template <class Real>
std::vector<std::vector<Real>> vectors_of(const Situation& situation, std::size_t n) {
  const std::size_t dimension = std::vector<std::size_t>{2, 7, 40, 150}[situation.seed % 4];
  std::vector<std::vector<Real>> vectors(n, std::vector<Real>(dimension));
  for (std::size_t i = 0; i < n; ++i) {
    Stream stream(situation.seed, Purpose::attack, i, dimension);
    const bool outlier = situation.outliers > 0 && i + 2 >= n;
    const double size = outlier ? situation.outliers : situation.spread;
    const double offset = situation.shape == Shape::far_from_zero ? 100 * situation.spread : 0;
    for (Real& value : vectors[i]) value = static_cast<Real>(offset + size * stream.normal());
  }
  if (situation.shape != Shape::beside_one) return vectors;
  vectors[2].assign(dimension, 0);
  for (std::size_t c = 0; c < dimension; ++c)
    vectors[3][c] = static_cast<Real>(double(vectors[4][c]) * (1 + 1e-4 * double(c % 5)));
  return vectors;
}

template <class Real>
double relative_error(const Variant& variant, const std::vector<std::vector<Real>>& vectors,
                      std::size_t f) {
  const Rule& rule = rules().at(variant.rule);
  Parameters parameters = defaults(rule.declaration.parameters);
  for (const auto& [name, value] : variant.settings) parameters.set(name, value);
  std::vector<const Real*> pointers;
  Vectors exact;
  for (const auto& vector : vectors) {
    pointers.push_back(vector.data());
    exact.emplace_back(vector.begin(), vector.end());
  }
  const Executor executor(1);
  std::vector<Real> out(vectors[0].size());
  RuleInput<Real> input{pointers, out.size(), static_cast<int>(f), parameters, executor};
  input.own = 0;
  const std::function<double(const Real*)> equal_losses = [](const Real*) { return 0.0; };
  input.loss = &equal_losses;
  const std::vector<Real> origin(out.size());
  input.model = origin.data();
  input.reference = pointers[0];
  rule.aggregate(input, out.data());
  const Vector expected = variant.definition(exact, f);
  Number most = 0, size = 0;
  for (std::size_t c = 0; c < out.size(); ++c) {
    most = std::max(most, std::fabs(Number(out[c]) - expected[c]));
    size = std::max(size, std::fabs(expected[c]));
  }
  return size == 0 && most == 0 ? 0 : static_cast<double>(most / size);
}

// f = 2 of 11 or 12 vectors; the definitions of SMEA and of boxes look at all subsets: f = 1 of 7.
template <class Real>
double error_of(const Variant& variant, const Situation& situation) {
  const bool few = variant.rule == "smea" || variant.rule == "hyperbox";
  const std::size_t n = few ? 7 : 11 + situation.seed % 2;
  return relative_error(variant, vectors_of<Real>(situation, n), few ? 1 : 2);
}

std::vector<Situation> situations() {
  std::vector<Situation> all;
  std::uint64_t seed = 0;
  for (const double spread : {1e-8, 1e-6, 1e-4, 1e-2, 1.0, 1e2, 1e4, 1e6, 1e8})
    for (const double outliers : {0.0, 1e2 * spread, 1e5 * spread, 1e30})
      for (const Shape shape : {Shape::cloud, Shape::beside_one, Shape::far_from_zero})
        all.push_back({spread, outliers, shape, ++seed});
  return all;
}

template <class Real>
void check_all(double bound) {
  for (const Variant& variant : all_variants()) {
    for (const Situation& situation : situations()) {
      const double error = error_of<Real>(variant, situation);
      CAPTURE(variant.rule, situation.spread, situation.outliers, int(situation.shape),
              situation.seed);
      CHECK(error <= bound);
    }
  }
}

}  // namespace

TEST_CASE("every rule has a definition that its numbers are measured against") {
  std::map<std::string, int> variants;
  for (const Variant& variant : all_variants()) ++variants[variant.rule];
  for (const Rule& rule : rules()) {
    CAPTURE(rule.declaration.name);
    if (!rule.declaration.plugin) CHECK(variants[rule.declaration.name] >= 1);
  }
}

TEST_CASE("every rule keeps nine digits in double, whatever the spread and the outliers") {
  check_all<double>(1e-9);
}

TEST_CASE("every rule keeps the digits of float, whatever the spread and the outliers") {
  check_all<float>(2e-6);
}

}  // namespace byzsim::rule_numbers_test
