// Rules that judge vectors by direction, signs, chunks, boxes or the receiver's own examples:
// against plain definitions over random cases with copies, huge vectors and vectors that are not
// finite; what they keep; and which of equal vectors they choose.
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "core/exact/random.h"
#include "core/rules/rule.h"
#include "tests/catch.h"
#include "tests/core/long_filter_definitions.h"

namespace byzsim::filtering_rules_test {
namespace {

using namespace long_definitions;
using Doubles = std::vector<double>;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Case {
  std::vector<Doubles> vectors;
  Doubles reference, model;
  int f;
  Stream stream;
};

// The mean loss of nobody's examples: the squared distance to a point, 0.3 everywhere.
template <class Real>
Number bowl(const Real* model, std::size_t dimension) {
  Number sum = 0;
  for (std::size_t c = 0; c < dimension; ++c)
    sum += (Number(model[c]) - 0.3L) * (Number(model[c]) - 0.3L);
  return sum;
}

// f of the vectors are forged: not finite in one coordinate or in all, huge, or a copy.
void forge(Doubles& vector, const std::vector<Doubles>& all, Stream& stream) {
  const double strange[] = {kNan, kInfinity, -kInfinity, 1e5};
  switch (stream.below(3)) {
    case 0:
      vector[stream.below(vector.size())] = strange[stream.below(4)];
      break;
    case 1:
      vector.assign(vector.size(), strange[stream.below(4)]);
      break;
    default:
      vector = all[stream.below(all.size())];
  }
}

Case random_case(std::uint64_t number, Bound proven) {
  Stream stream(11, Purpose::attack, 0, number);
  Case made{
      {}, {}, {}, static_cast<int>(stream.below(3)), Stream(12, Purpose::aggregation, 0, number)};
  // Three more than the forged ones leave something to vary.
  const auto least = std::max(proven.least(made.f), std::int64_t{2} * made.f + 3);
  const auto n = static_cast<std::size_t>(least) + stream.below(3);
  const std::size_t dimension = 2 + stream.below(12);
  const double offset = stream.below(2) == 0 ? 0 : 0.5;
  const auto drawn = [&] {
    Doubles vector(dimension);
    for (double& value : vector) value = offset + stream.normal();
    return vector;
  };
  for (std::size_t i = 0; i < n; ++i)
    made.vectors.push_back(i > 0 && stream.below(6) == 0 ? made.vectors[stream.below(i)] : drawn());
  made.reference = drawn();
  made.model = drawn();
  for (int i = 0; i < made.f; ++i)
    forge(made.vectors[stream.below(n)], std::vector<Doubles>(made.vectors), stream);
  return made;
}

// What the receiver keeps of each sender and of norms, as one rule has it.
struct Kept {
  std::vector<Doubles> vectors, values;
  Doubles norms;
};

Doubles apply(const std::string& name, const Case& given, const Parameters& changes = {},
              Kept* kept = nullptr) {
  const Rule& rule = rules().at(name);
  Parameters parameters = defaults(rule.declaration.parameters);
  for (const auto& [key, value] : changes.values()) parameters.set(key, value);
  std::vector<const double*> pointers;
  for (const Doubles& vector : given.vectors) pointers.push_back(vector.data());
  const Executor executor(1);
  const std::size_t dimension = given.vectors[0].size();
  Doubles out(dimension), new_norms(pointers.size());
  RuleInput<double> input{pointers, dimension, given.f, parameters, executor};
  input.stream = given.stream;
  input.reference = given.reference.data();
  input.model = given.model.data();
  const std::function<double(const double*)> loss = [&](const double* model) {
    return static_cast<double>(bowl(model, dimension));
  };
  input.loss = &loss;
  std::vector<double*> vectors, values;
  if (kept != nullptr) {
    for (Doubles& each : kept->vectors) vectors.push_back(each.data());
    for (Doubles& each : kept->values) values.push_back(each.data());
    input.memory = vectors;
    input.values = values;
    input.norms = kept->norms;
    input.new_norms = new_norms.data();
  }
  rule.aggregate(input, out.data());
  if (kept != nullptr && rule.keeps_norms)
    kept->norms.insert(kept->norms.end(), new_norms.begin(), new_norms.end());
  return out;
}

Vector as_long(const Doubles& vector) { return {vector.begin(), vector.end()}; }
Vectors as_long(const std::vector<Doubles>& vectors) {
  Vectors all;
  for (const Doubles& each : vectors) all.push_back(as_long(each));
  return all;
}

// The largest difference of a coordinate, relative to the size of what is expected and to 1.
double error_of(const Doubles& found, const Vector& expected) {
  Number most = 0, size = 1;
  for (std::size_t c = 0; c < found.size(); ++c) {
    most = std::max(most, std::fabs(Number(found[c]) - expected[c]));
    size = std::max(size, std::fabs(expected[c]));
  }
  // False for NaN: no expected value is one.
  return most / size <= kFar ? static_cast<double>(most / size) : kInfinity;
}

using Plain = std::function<Vector(const Case& given, const Vectors& x, std::size_t f)>;

void check_cases(const std::string& name, const Plain& plain, const Parameters& changes = {}) {
  for (std::uint64_t number = 0; number < 1000; ++number) {
    const Case given = random_case(number, rules().at(name).proven);
    const Vector expected = plain(given, as_long(given.vectors), static_cast<std::size_t>(given.f));
    CAPTURE(name, number, given.f, given.vectors);
    REQUIRE(error_of(apply(name, given, changes), expected) < 1e-9);
  }
}

Parameters with(std::string key, Value value) {
  return Parameters({{std::move(key), std::move(value)}});
}

// Vectors of two coordinates, without more.
Case plain_case(std::vector<Doubles> vectors, int f) {
  return {std::move(vectors), {1, 0}, {0, 0}, f, Stream(0, Purpose::aggregation, 0, 0)};
}

}  // namespace

TEST_CASE("dnc averages the n - f vectors least far along the widest direction") {
  check_cases("dnc", [](const Case&, const Vectors& x, std::size_t f) { return divided(x, f); });
}

TEST_CASE("sign_guard averages what norms and signs let pass") {
  check_cases("sign_guard", [](const Case& given, const Vectors& x, std::size_t f) {
    return sign_guarded(x, f, given.stream);
  });
}

TEST_CASE("gas scores by Krum in chunks of a permutation") {
  check_cases("gas", [](const Case& given, const Vectors& x, std::size_t f) {
    return split_by_krum(x, f, 1000, given.stream);
  });
  check_cases(
      "gas",
      [](const Case& given, const Vectors& x, std::size_t f) {
        return split_by_krum(x, f, 3, given.stream);
      },
      with("chunks", std::int64_t{3}));
}

TEST_CASE("hyperbox takes the middle of what two boxes share") {
  check_cases("hyperbox", [](const Case&, const Vectors& x, std::size_t f) {
    return middle_of_boxes(x, f, false);
  });
  check_cases(
      "hyperbox",
      [](const Case&, const Vectors& x, std::size_t f) { return middle_of_boxes(x, f, true); },
      with("of", std::string("mean")));
}

TEST_CASE("fools_gold weighs vectors by how little they resemble others") {
  check_cases("fools_gold",
              [](const Case&, const Vectors& x, std::size_t f) { return gold_of_fools(x, f); });
}

TEST_CASE("afa removes vectors by their cosine to the mean") {
  // Of n vectors one apart from equal others lies sqrt(n) deviations from them: no whole width,
  // which rounding would decide.
  check_cases(
      "afa", [](const Case&, const Vectors& x, std::size_t) { return alike_to_mean(x, 1.7); },
      with("width", 1.7));
}

TEST_CASE("clipped_clustering averages the larger of two clusters of clipped vectors") {
  check_cases("clipped_clustering", [](const Case&, const Vectors& x, std::size_t) {
    return clipped_cluster(x, 1e5L, [](Number norm) { return norm; });
  });
}

TEST_CASE("fltrust weighs vectors by their cosine to the reference") {
  check_cases("fltrust", [](const Case& given, const Vectors& x, std::size_t) {
    return trusted_by(as_long(given.reference), x);
  });
}

TEST_CASE("zeno averages the vectors along which the loss falls most") {
  check_cases("zeno", [](const Case& given, const Vectors& x, std::size_t f) {
    return least_costs(
        x, f,
        [&](std::size_t i) {
          Vector stepped;
          for (std::size_t c = 0; c < x[i].size(); ++c)
            stepped.push_back(Number(given.model[c]) - 0.1L * x[i][c]);
          return bowl(stepped.data(), stepped.size());
        },
        1e-3L);
  });
}

TEST_CASE("dnc removes what is farthest in any of the drawn coordinates") {
  // By the first coordinate vector 0, by the second vector 3; 40 rounds draw both.
  const Case given = plain_case({{9, 1}, {0, 2}, {0, 3}, {0, 9}}, 1);
  Parameters changes = with("coordinates", std::int64_t{1});
  changes.set("iterations", std::int64_t{40});
  CHECK(apply("dnc", given, changes) == Doubles{0, 2.5});
}

TEST_CASE("dnc without a vector that all rounds keep averages those that any keeps") {
  // Two of three are removed (c f = 2): by the first coordinate, whose mean is 2/3, vector 0 stays;
  // by the second vector 1 does.
  const Case given = plain_case({{4, -7}, {5, 4}, {-7, 5}}, 1);
  Parameters changes = with("share", 2.0);
  changes.set("iterations", std::int64_t{40});
  changes.set("coordinates", std::int64_t{1});
  CHECK(apply("dnc", given, changes) == Doubles{4.5, -1.5});
}

TEST_CASE("equal scores leave the vectors of lowest index") {
  // Four corners of a square around 0: all equally far along any direction, equally costly.
  const Case corners = plain_case({{1, 0}, {-1, 0}, {1, 0}, {-1, 0}}, 1);
  CHECK(apply("dnc", corners)[0] == Approx(1.0 / 3));
  Case still = plain_case({{1, 0}, {-1, 0}, {0, 1}, {0, -1}}, 2);
  CHECK(apply("zeno", still, with("step", 0.0)) == Doubles{0, 0});
  still.f = 3;
  CHECK(apply("zeno", still, with("step", 0.0)) == Doubles{1, 0});
}

TEST_CASE("equally large clusters: the one with the vector of lowest index") {
  const Case given = plain_case({{0, 2}, {2, 0}, {2, 0}, {0, 2}}, 1);
  CHECK(apply("clipped_clustering", given) == Doubles{0, 2});
}

TEST_CASE("fools_gold looks at the sum of all that a sender has sent") {
  Kept kept{std::vector<Doubles>(3, Doubles(2, 0.0)), {}, {}};
  const Case first = plain_case({{1, 0}, {1, 0.1}, {0, 1}}, 0);
  const Case second = plain_case({{0, 1}, {0.1, 1}, {0, 1}}, 0);
  apply("fools_gold", first, {}, &kept);
  CHECK(kept.vectors == std::vector<Doubles>{{1, 0}, {1, 0.1}, {0, 1}});
  // Now the first and the third send the same, but have sent (1, 1) and (0, 2): it is the second
  // that the first resembles, and the third alone counts.
  CHECK(apply("fools_gold", second, {}, &kept) == Doubles{0, 1});
  CHECK(kept.vectors[2] == Doubles{0, 2});
}

TEST_CASE("fools_gold adds nothing that is not finite to what a sender has sent") {
  Kept kept{std::vector<Doubles>(3, Doubles(2, 0.0)), {}, {}};
  apply("fools_gold", plain_case({{1, 0}, {kNan, 1}, {0, 1}}, 1), {}, &kept);
  CHECK(kept.vectors[1] == Doubles{0, 0});
}

TEST_CASE("clipped_clustering clips to the median of all norms that it ever saw") {
  Kept kept;
  const Case small = plain_case({{1, 0}, {1, 0}, {1, 0}}, 1);
  const Case large = plain_case({{5, 0}, {5, 0}, {5, 0}}, 1);
  CHECK(apply("clipped_clustering", small, {}, &kept) == Doubles{1, 0});
  // Six norms, 1 1 1 5 5 5: the mean of the middle ones is 3.
  CHECK(apply("clipped_clustering", large, {}, &kept)[0] == Approx(3));
  CHECK(kept.norms == Doubles{1, 1, 1, 5, 5, 5});
  CHECK(apply("clipped_clustering", large, with("most", 2.0), &kept)[0] == Approx(2));
}

TEST_CASE("afa blocks the sender whose record is bad with more than the wanted certainty") {
  // Seven alike and one opposed: cosines of 1 and -1, of which the last is far below the median.
  std::vector<Doubles> vectors(8, Doubles{1, 0});
  vectors[7] = {-1, 0};
  const Case given = plain_case(vectors, 1);
  Kept kept{{}, std::vector<Doubles>(8, Doubles(3, 0.0)), {}};
  // P(p < 1/2) of Beta(3, 3 + k), as heads of 5 + k tosses: 1/2, 42/64, 99/128, 219/256, 466/512,
  // 968/1024 and 1981/2048: above 0.95 first for k = 6.
  for (int step = 1; step <= 6; ++step) {
    CAPTURE(step);
    CHECK(apply("afa", given, {}, &kept)[0] == Approx(1));
    CHECK(kept.values[7] == Doubles{0, double(step), step == 6 ? 1.0 : 0.0});
  }
  CHECK(kept.values[0] == Doubles{6, 0, 0});
  // Blocked: its record stays as it is, even among vectors that are all alike.
  apply("afa", plain_case(std::vector<Doubles>(8, Doubles{1, 0}), 1), {}, &kept);
  CHECK(kept.values[7] == Doubles{0, 6, 1});
}

TEST_CASE("fltrust stays where it is when no vector points along the reference") {
  CHECK(apply("fltrust", plain_case({{-1, 0}, {0, 1}, {-3, 2}}, 1)) == Doubles{0, 0});
}

TEST_CASE("sign_guard refuses bounds with nothing between") {
  const Rule& rule = rules().at("sign_guard");
  Parameters parameters = defaults(rule.declaration.parameters);
  CHECK_FALSE(rule.problem(parameters, 10, 2, false));
  parameters.set("low", 4.0);  // the default of high is 3
  CHECK_THAT(rule.problem(parameters, 10, 2, true).value_or(""),
             ContainsSubstring("between 4 and 3 times the median"));
}

TEST_CASE("hyperbox refuses medians of more subsets than it may look at") {
  const Rule& rule = rules().at("hyperbox");
  Parameters parameters = defaults(rule.declaration.parameters);
  // C(16, 5) = 4368 and C(19, 6) = 27132.
  CHECK_FALSE(rule.problem(parameters, 16, 5, true));
  CHECK(rule.problem(parameters, 19, 6, true) ==
        "hyperbox of geometric medians looks at every subset of n - f vectors, at most 10000 of "
        "them, and there are more subsets of 13 among 19 vectors (\"of\": \"mean\" needs none)");
  parameters.set("of", std::string("mean"));
  CHECK_FALSE(rule.problem(parameters, 19, 6, true));
}

TEST_CASE("gas refuses counts that its base cannot take") {
  const Rule& rule = rules().at("gas");
  Parameters parameters = defaults(rule.declaration.parameters);
  CHECK_FALSE(rule.problem(parameters, 7, 2, false));
  parameters.set("base", std::string("bulyan"));
  CHECK(rule.problem(parameters, 7, 2, false) ==
        "the base of gas: bulyan needs n >= 4f + 3 vectors: with f = 2 at least 11, not 7");
}

}  // namespace byzsim::filtering_rules_test
