#include "core/pre_aggregators/aggregation.h"

#include <cstring>
#include <limits>
#include <optional>

#include "core/input/parameter_reader.h"
#include "tests/catch.h"

namespace byzsim::aggregation_test {
namespace {

constexpr int kByzantine = 2;

template <class Real>
VectorList<Real> random_vectors(std::size_t n, std::size_t dimension) {
  VectorList<Real> vectors(n, std::vector<Real>(dimension));
  for (std::size_t i = 0; i < n; ++i) {
    Stream stream(3, Purpose::attack, i, 0);
    for (Real& value : vectors[i]) value = static_cast<Real>(stream.uniform(-1, 1));
  }
  return vectors;
}

template <class Real>
std::vector<const Real*> pointers_to(const VectorList<Real>& vectors, std::size_t offset = 0) {
  std::vector<const Real*> pointers;
  for (const auto& vector : vectors) pointers.push_back(vector.data() + offset);
  return pointers;
}

template <class Real>
bool same_bits(const std::vector<Real>& a, const Real* b) {
  return std::memcmp(a.data(), b, a.size() * sizeof(Real)) == 0;
}

Aggregation aggregation_of(const std::vector<std::string>& pre, const std::string& rule) {
  Aggregation aggregation;
  for (const std::string& name : pre)
    aggregation.pre.push_back(default_choice(pre_aggregators().declarations(), name));
  aggregation.rule = default_choice(rules().declarations(), rule);
  aggregation.f = kByzantine;
  return aggregation;
}

template <class Real>
std::vector<Real> aggregated(const Aggregation& aggregation, const VectorList<Real>& vectors,
                             int threads = 1) {
  const Executor executor(threads);
  const auto pointers = pointers_to(vectors);
  return aggregate(aggregation, AggregationInput<Real>{pointers, vectors[0].size()}, executor);
}

// Mixed whole first, then aggregated.
template <class Real>
std::vector<Real> aggregated_after_mixing(const Aggregation& aggregation,
                                          const VectorList<Real>& vectors) {
  const Executor executor(1);
  const auto pointers = pointers_to(vectors);
  const AggregationInput<Real> input{pointers, vectors[0].size()};
  Aggregation rule_alone = aggregation;
  rule_alone.pre.clear();
  return aggregated(rule_alone, pre_aggregate(aggregation, input, executor));
}

template <class Real>
void check_chains(const VectorList<Real>& vectors) {
  for (const Rule& rule : rules()) {
    if (!rule.coordinatewise) continue;
    for (const std::vector<std::string>& pre :
         {std::vector<std::string>{"nnm"}, {"bucketing"}, {"arc"}, {"clipping", "nnm"}}) {
      CAPTURE(rule.declaration.name, pre);
      const Aggregation chain = aggregation_of(pre, rule.declaration.name);
      const auto expected = aggregated_after_mixing(chain, vectors);
      CHECK(same_bits(expected, aggregated(chain, vectors).data()));
      CHECK(same_bits(expected, aggregated(chain, vectors, 3).data()));
    }
  }
}

TEST_CASE("Mixing piece by piece gives the bits of mixing whole vectors", "[rules]") {
  check_chains(random_vectors<float>(11, 2 * kShardSize + 777));
  check_chains(random_vectors<double>(11, kShardSize + 5));
}

TEST_CASE("Mixing piece by piece gives the same bits beside vectors that are not finite",
          "[rules]") {
  VectorList<float> vectors = random_vectors<float>(11, 1500);
  vectors[3][1400] = std::numeric_limits<float>::quiet_NaN();
  vectors[7][2] = std::numeric_limits<float>::infinity();
  check_chains(vectors);
}

TEST_CASE("The result of a coordinate-wise rule is made of those of parts of the coordinates",
          "[rules]") {
  const VectorList<float> vectors = random_vectors<float>(11, 300);
  const Executor executor(1);
  for (const Rule& rule : rules()) {
    if (!rule.coordinatewise) continue;
    CAPTURE(rule.declaration.name);
    const Aggregation aggregation = aggregation_of({}, rule.declaration.name);
    const std::vector<float> whole = aggregated(aggregation, vectors);
    const auto rest = pointers_to(vectors, 40);
    const auto part = aggregate(aggregation, AggregationInput<float>{rest, 260}, executor);
    CHECK(same_bits(part, whole.data() + 40));
  }
  CHECK(rules().at("median").coordinatewise);
  CHECK_FALSE(rules().at("krum").coordinatewise);
}

// MoNNA after these, told that the vector `own` is the receiver's, beside MoNNA with that pivot.
void check_pivot(const std::vector<std::string>& pre, std::optional<std::size_t> own,
                 std::int64_t pivot) {
  CAPTURE(pre, pivot);
  const VectorList<float> vectors = random_vectors<float>(11, 20);
  const auto pointers = pointers_to(vectors);
  Aggregation aggregation = aggregation_of(pre, "monna");
  const std::vector<float> result = aggregate(
      aggregation,
      AggregationInput<float>{pointers, 20, nullptr, Stream(0, Purpose::aggregation, 0, 0), own},
      Executor(1));
  aggregation.rule.parameters.set("pivot", pivot);
  CHECK(result == aggregated(aggregation, vectors));
}

TEST_CASE("MoNNA's pivot is the receiver's own vector, or the first where there is none",
          "[rules]") {
  check_pivot({}, 4, 4);  // Farhadkhani et al., ICML 2023: every node starts from its own
  check_pivot({"nnm", "clipping"}, 4, 4);
  check_pivot({"bucketing"}, 4, 0);  // groups are nobody's
  check_pivot({}, std::nullopt, 0);
}

TEST_CASE("The own vector, weights and counts pass pre-aggregators that keep places", "[rules]") {
  const VectorList<float> vectors = random_vectors<float>(11, 20);
  const auto pointers = pointers_to(vectors);
  std::vector<double> weights(11, 0.05);
  weights[4] = 0.5;
  RuleCounts counts;
  AggregationInput<float> input{pointers, 20};
  input.own = 4;
  input.weights = weights;
  input.counts = &counts;
  // No vector of 20 coordinates in [-1, 1] is longer than 5: nothing is clipped.
  Aggregation behind = aggregation_of({"clipping"}, "gts");
  behind.pre[0].parameters.set("threshold", 5.0);
  const auto expected = aggregate(aggregation_of({}, "gts"), input, Executor(1));
  counts = {};
  CHECK(aggregate(behind, input, Executor(1)) == expected);
  CHECK(counts.removed == kByzantine);
  input.weights = {};
  CHECK(aggregate(behind, input, Executor(1)) != expected);
}

TEST_CASE("A rule that needs the own vector is refused where it is missing or grouped", "[rules]") {
  const Aggregation gts = aggregation_of({}, "gts");
  CHECK(
      broken_condition(gts, 11, true) ==
      "gts builds on the receiver's own vector, which is not among those that it aggregates here");
  CHECK_FALSE(broken_condition(gts, 11, false, {.own = true}));
  CHECK_FALSE(broken_condition(aggregation_of({"nnm", "arc"}, "gts"), 11, false, {.own = true}));
  CHECK(broken_condition(aggregation_of({"nnm", "bucketing"}, "gts"), 11, false, {.own = true}) ==
        "gts builds on the receiver's own vector, which bucketing mixes with others");
  CHECK(broken_condition(aggregation_of({}, "ubar"), 11, false, {.own = true}) ==
        "ubar compares losses of models, which are not computed here");
  CHECK_FALSE(
      broken_condition(aggregation_of({}, "ubar"), 11, false, {.own = true, .losses = true}));
}

}  // namespace
}  // namespace byzsim::aggregation_test
