// The rules that leave neighbours out, against their formulas.
#include "tests/core/edge_cases.h"

namespace byzsim::edge_screening_test {
namespace {

using namespace edge_cases;

// The farthest neighbours lose `count` times the largest weight of a neighbour in all.
Vector without_farthest(const Case& given, int count) {
  int left = count * given.largest_part();
  Vector kept(given.n(), 1.0);
  for (const std::size_t j : farthest_first(given)) {
    const int taken = std::min(left, given.parts[j]);
    kept[j] = double(given.parts[j] - taken) / given.parts[j];
    left -= taken;
  }
  return moved(given, [&](std::size_t j) { return kept[j]; });
}

// The normalised weighted mean of some vectors, without those that are not finite.
Vector weighted_mean(const Case& given, const Indices& of) {
  Vector mean(given.x[0].size(), 0.0);
  double total = 0;
  for (const std::size_t j : of) {
    if (!finite(given.x[j])) continue;
    total += given.parts[j];
    for (std::size_t c = 0; c < mean.size(); ++c) mean[c] += given.parts[j] * given.x[j][c];
  }
  for (double& value : mean) value /= total;
  return mean;
}

Vector scissored(const Case& given) {
  Indices left = given.neighbours();
  const auto with_own = [&] {
    Indices all = left;
    all.push_back(given.own);
    return all;
  };
  for (int round = 0; round < given.f && !left.empty(); ++round) {
    const Vector mean = weighted_mean(given, with_own());
    std::size_t farthest = 0;
    for (std::size_t k = 1; k < left.size(); ++k)
      if (apart(given.x[left[k]], mean) > apart(given.x[left[farthest]], mean)) farthest = k;
    left.erase(left.begin() + std::ptrdiff_t(farthest));
  }
  return weighted_mean(given, with_own());
}

// Per coordinate: the own value and the others without the f lowest and highest; NaN is highest.
Vector bridged(const Case& given) {
  Vector result;
  for (std::size_t c = 0; c < given.x[0].size(); ++c) {
    Vector others;
    for (std::size_t j = 0; j < given.n(); ++j)
      if (j != given.own) others.push_back(std::isnan(given.x[j][c]) ? kFar : given.x[j][c]);
    std::sort(others.begin(), others.end());
    double sum = given.x[given.own][c];
    const std::size_t trim = std::size_t(given.f), end = others.size() - trim;
    for (std::size_t k = trim; k < end; ++k) sum += others[k];
    result.push_back(sum / double(end - trim + 1));
  }
  return result;
}

// Of the share of the neighbours nearest to the own model those whose loss is at most its own, or
// else the nearest; then the own model and their mean, half and half. `tenths` is the share.
Vector mixed(const Case& given, std::size_t tenths) {
  Indices nearest = given.neighbours();
  std::stable_sort(nearest.begin(), nearest.end(), [&](std::size_t a, std::size_t b) {
    return to_own(given, a) < to_own(given, b);
  });
  nearest.resize(std::min(nearest.size(), std::max<std::size_t>(1, tenths * nearest.size() / 10)));
  std::erase_if(nearest, [&](std::size_t j) { return to_own(given, j) == kFar; });
  const Vector& own = given.x[given.own];
  if (nearest.empty()) return own;
  Indices kept;
  for (const std::size_t j : nearest)
    if (loss_of(given.x[j][0]) <= loss_of(own[0])) kept.push_back(j);
  if (kept.empty()) kept = {nearest[0]};
  Vector result = own;
  for (std::size_t c = 0; c < own.size(); ++c) {
    double sum = 0;
    for (const std::size_t j : kept) sum += given.x[j][c];
    result[c] = 0.5 * own[c] + 0.5 * sum / double(kept.size());
  }
  return result;
}

}  // namespace

TEST_CASE("GTS leaves the farthest neighbours out, by their weights") {
  for (const Values values : {Values::lattice, Values::cloud}) {
    check_cases("gts", {}, {values},
                [](const Case& given) { return without_farthest(given, given.f); });
    check_cases("gts", {{"removed", std::string("f+1")}}, {values},
                [](const Case& given) { return without_farthest(given, given.f + 1); });
    check_cases("gts", {{"removed", std::string("f-1")}}, {values}, [](const Case& given) {
      return without_farthest(given, std::max(0, given.f - 1));
    });
  }
}

TEST_CASE("GTS removes exactly f neighbours of equal weight, equally far or not") {
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    const Case given = random_case(seed, {.values = Values::lattice, .equal_weights = true});
    CAPTURE(seed);
    CHECK(answer_of<float>("gts", given).counts.removed ==
          std::min<std::int64_t>(given.f, std::int64_t(given.n()) - 1));
  }
}

TEST_CASE("GTS of equal weights and equally far neighbours removes the first") {
  // From the vector at 0 both 1 and -1 are equally far; f = 1.
  const Case given{{{1}, {0}, {-1}}, {1, 1, 1}, true, 1, 1};
  CHECK(near(answer_of<double>("gts", given).vector, {-1.0 / 3}, 1e-12));
}

TEST_CASE("IOS drops the neighbour farthest from the mean, f times") {
  // Not so far that neighbours near each other are equally far from the mean but for rounding.
  check_cases("ios", {}, {.values = Values::cloud, .outlier = 40}, scissored);
}

TEST_CASE("IOS removes exactly f neighbours") {
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    const Case given = random_case(seed, {.values = Values::lattice, .equal_weights = true});
    CAPTURE(seed);
    CHECK(answer_of<float>("ios", given).counts.removed ==
          std::min<std::int64_t>(given.f, std::int64_t(given.n()) - 1));
  }
}

TEST_CASE("BRIDGE trims the neighbours' values and adds the own one") {
  for (const Values values : {Values::lattice, Values::cloud})
    check_cases("bridge", {}, {values}, bridged);
}

TEST_CASE("BRIDGE's other screens are the rules of their names over all vectors") {
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    const Case given = random_case(seed, {Values::cloud});
    for (const char* screen : {"median", "krum", "bulyan"}) {
      if (broken_condition(rules().at(screen), std::int64_t(given.n()), given.f, false)) continue;
      CAPTURE(seed, screen);
      CHECK(answer_of<float>("bridge", given, {{"screen", std::string(screen)}}).vector ==
            answer_of<float>(screen, given).vector);
    }
    CHECK(answer_of<float>("bridge", given, {{"trimmed", std::string("all")}}).vector ==
          answer_of<float>("trimmed_mean", given).vector);
  }
}

TEST_CASE("UBAR mixes the own model with near neighbours of no larger loss") {
  for (const Values values : {Values::lattice, Values::cloud})
    for (const std::size_t tenths : {0u, 3u, 4u, 7u, 10u})
      check_cases("ubar", {{"share", double(tenths) / 10}}, {values},
                  [&](const Case& given) { return mixed(given, tenths); });
}

TEST_CASE("a node without neighbours keeps its own vector under every rule that needs it") {
  for (const Rule& rule : rules()) {
    if (!rule.needs_own) continue;
    CAPTURE(rule.declaration.name);
    CHECK(answer_of<float>(rule.declaration.name, {{{3, -2}}, {1}, false, 0, 0}).vector ==
          Vector{3, -2});
    if (rule.declaration.name == "bridge") continue;  // ignores weights
    CHECK(answer_of<float>(rule.declaration.name, {{{3, -2}, {9, 9}}, {1, 0}, true, 0, 0}).vector ==
          Vector{3, -2});
  }
}

TEST_CASE("a rule that needs the own vector is not computed without it") {
  const std::vector<float> vector = {1, 2};
  const std::vector<const float*> pointers(5, vector.data());
  const Executor executor(1);
  std::vector<float> out(2);
  for (const Rule& rule : rules()) {
    if (!rule.needs_own) continue;
    const Parameters parameters = defaults(rule.declaration.parameters);
    CAPTURE(rule.declaration.name);
    CHECK_THROWS_AS(
        rule.aggregate(RuleInput<float>{pointers, 2, 1, parameters, executor}, out.data()),
        InternalError);
  }
}

}  // namespace byzsim::edge_screening_test
