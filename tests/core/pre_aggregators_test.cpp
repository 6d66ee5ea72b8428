#include "core/pre_aggregators/pre_aggregator.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/kernels/vector_kernels.h"
#include "core/machine/shards.h"
#include "tests/catch.h"

namespace byzsim::pre_aggregators_test {
namespace {

const float kInfinity = std::numeric_limits<float>::infinity();
const float kNan = std::numeric_limits<float>::quiet_NaN();

template <class Real>
VectorList<Real> apply(const PreAggregator& entry, const VectorList<Real>& vectors, int f,
                       const Parameters& changes = {}, int threads = 1, std::uint64_t step = 0) {
  Parameters parameters = defaults(entry.declaration.parameters);
  for (const auto& [name, value] : changes.values()) parameters.set(name, value);
  std::vector<const Real*> pointers;
  for (const auto& vector : vectors) pointers.push_back(vector.data());
  const Executor executor(threads);
  const RuleInput<Real> input{pointers,
                              vectors.at(0).size(),
                              f,
                              parameters,
                              executor,
                              nullptr,
                              Stream(1, Purpose::aggregation, 0, step)};
  return mixed_vectors<Real>(entry.mix(input), pointers, input.dimension, executor);
}

VectorList<float> apply(const char* name, const VectorList<float>& vectors, int f,
                        const Parameters& changes = {}, std::uint64_t step = 0) {
  return apply(pre_aggregators().at(name), vectors, f, changes, 1, step);
}

Parameters with(std::string name, Value value) {
  return Parameters({{std::move(name), std::move(value)}});
}

VectorList<float> random_vectors(std::uint64_t seed, int n, std::size_t dimension) {
  VectorList<float> vectors(static_cast<std::size_t>(n), std::vector<float>(dimension));
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    Stream stream(seed, Purpose::attack, i, dimension);
    for (float& value : vectors[i]) value = static_cast<float>(stream.uniform(-1, 1));
  }
  return vectors;
}

TEST_CASE("NNM mixes every vector with its nearest", "[pre_aggregators]") {
  CHECK(apply("nnm", {{0}, {1}, {10}}, 1) == VectorList<float>{{0.5f}, {0.5f}, {5.5f}});
}

TEST_CASE("NNM breaks ties for the lower index", "[pre_aggregators]") {
  CHECK(apply("nnm", {{0}, {1}, {2}}, 1) == VectorList<float>{{0.5f}, {0.5f}, {1.5f}});
}

TEST_CASE("NNM replaces a non-finite vector by a mean of finite ones", "[pre_aggregators]") {
  for (const float strange : {kNan, kInfinity, -kInfinity})
    CHECK(apply("nnm", {{1}, {2}, {strange}, {3}}, 1) == VectorList<float>{{2}, {2}, {2}, {2}});
}

TEST_CASE("Bucketing puts every vector into one group", "[pre_aggregators]") {
  // Powers of two: the sums tell who is in them.
  const VectorList<float> vectors = {{1}, {2}, {4}, {8}, {16}};
  const auto means = apply("bucketing", vectors, 1);
  REQUIRE(means.size() == 3);
  CHECK(2 * means[0][0] + 2 * means[1][0] + means[2][0] == 31);
}

TEST_CASE("Bucketing draws other groups in another step and the same in the same",
          "[pre_aggregators]") {
  const auto vectors = random_vectors(1, 20, 3);
  CHECK(apply("bucketing", vectors, 1, {}, 4) == apply("bucketing", vectors, 1, {}, 4));
  CHECK(apply("bucketing", vectors, 1, {}, 4) != apply("bucketing", vectors, 1, {}, 5));
}

TEST_CASE("Bucketing says how many vectors come out", "[pre_aggregators]") {
  const PreAggregator& bucketing = pre_aggregators().at("bucketing");
  for (const std::int64_t size : {1, 2, 3, 7, 50})
    for (const int n : {1, 2, 6, 7})
      CHECK(static_cast<std::int64_t>(
                apply("bucketing", random_vectors(2, n, 2), 0, with("size", size)).size()) ==
            bucketing.outputs(with("size", size), n));
}

TEST_CASE("Clipping shortens what is longer than the threshold", "[pre_aggregators]") {
  CHECK(apply("clipping", {{3, 4}, {0.5f, 0}, {0, 0}}, 1, with("threshold", 2.5)) ==
        VectorList<float>{{1.5f, 2}, {0.5f, 0}, {0, 0}});
}

TEST_CASE("ARC clips the longest vectors to the next norm", "[pre_aggregators]") {
  // Rounded down, 2 * 2 * 3 / 5 is 2.
  CHECK(apply("arc", {{1, 0}, {2, 0}, {3, 0}, {0, 4}, {5, 0}}, 2) ==
        VectorList<float>{{1, 0}, {2, 0}, {3, 0}, {0, 3}, {3, 0}});
}

TEST_CASE("Clipping and ARC turn what is not finite into zero", "[pre_aggregators]") {
  for (const char* name : {"clipping", "arc"})
    for (const float strange : {kNan, kInfinity, -kInfinity})
      CHECK(apply(name, {{1}, {1}, {strange}, {1}, {1}}, 1) ==
            VectorList<float>{{1}, {1}, {0}, {1}, {1}});
}

TEST_CASE("Nothing non-finite leaves NNM, clipping and ARC with f non-finite vectors",
          "[pre_aggregators]") {
  for (const char* name : {"nnm", "clipping", "arc"})
    for (const int f : {1, 2, 3}) {
      auto vectors = random_vectors(3, 2 * f + 1, 40);
      for (int i = 0; i < f; ++i) vectors[static_cast<std::size_t>(2 * i)][7] = kNan;
      for (const auto& vector : apply(name, vectors, f)) {
        CAPTURE(name, f);
        CHECK(all_finite(vector.data(), vector.size()));
      }
    }
}

TEST_CASE("Permuted vectors come out permuted", "[pre_aggregators]") {
  const auto vectors = random_vectors(4, 9, 30);
  auto rotated = vectors;
  std::rotate(rotated.begin(), rotated.begin() + 4, rotated.end());
  for (const char* name : {"nnm", "clipping", "arc"}) {  // bucketing draws by place
    auto expected = apply(name, vectors, 2);
    std::rotate(expected.begin(), expected.begin() + 4, expected.end());
    CAPTURE(name);
    CHECK(apply(name, rotated, 2) == expected);
  }
}

TEST_CASE("Scaling by a power of two scales what comes out", "[pre_aggregators]") {
  const auto scaled = [](VectorList<float> vectors) {
    for (auto& vector : vectors)
      for (float& value : vector) value *= 0x1p12f;
    return vectors;
  };
  const auto vectors = random_vectors(5, 9, 30);
  for (const char* name : {"nnm", "bucketing", "arc"}) {  // the threshold of clipping is a length
    CAPTURE(name);
    CHECK(apply(name, scaled(vectors), 2) == scaled(apply(name, vectors, 2)));
  }
}

TEST_CASE("The number of threads changes no bit of a pre-aggregation", "[pre_aggregators]") {
  const auto vectors = random_vectors(6, 7, 3 * kShardSize + 5);
  for (const PreAggregator& entry : pre_aggregators())
    for (const int threads : {2, 3, 8}) {
      CAPTURE(entry.declaration.name, threads);
      const bool same = apply(entry, vectors, 2, {}, threads) == apply(entry, vectors, 2);
      CHECK(same);
    }
}

}  // namespace
}  // namespace byzsim::pre_aggregators_test
