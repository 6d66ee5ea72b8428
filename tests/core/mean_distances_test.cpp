#include "core/kernels/mean_distances.h"

#include <cmath>
#include <limits>
#include <vector>

#include "core/exact/random.h"
#include "tests/catch.h"

namespace byzsim::mean_distances_test {
namespace {

using Vectors = std::vector<std::vector<float>>;

// Random vectors around a point, the last two of them `factor` times as far out.
Vectors with_outliers(double factor) {
  Vectors vectors(9, std::vector<float>(10'000));
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    Stream stream(4, Purpose::attack, i, 0);
    for (float& value : vectors[i])
      value = static_cast<float>(0.5 + (i < 7 ? 1 : factor) * stream.uniform(-1, 1));
  }
  return vectors;
}

std::vector<double> distances_from_mean(const Vectors& vectors,
                                        const std::vector<double>& weights) {
  std::vector<double> sums(vectors.size(), 0.0);
  for (std::size_t c = 0; c < vectors[0].size(); ++c) {
    double mean = 0;
    for (std::size_t i = 0; i < vectors.size(); ++i) mean += weights[i] * vectors[i][c];
    for (std::size_t i = 0; i < vectors.size(); ++i)
      sums[i] += (vectors[i][c] - mean) * (vectors[i][c] - mean);
  }
  return sums;
}

TEST_CASE("Distances from a weighted mean keep six digits, however far an outlier is",
          "[mean_distances]") {
  for (const double factor : {1.0, 1e2, 1e3, 1e4, 1e10}) {
    const Vectors vectors = with_outliers(factor);
    std::vector<const float*> pointers;
    std::vector<double> weights;  // as Weiszfeld's: they fall with the distance
    for (std::size_t i = 0; i < vectors.size(); ++i) {
      pointers.push_back(vectors[i].data());
      weights.push_back((i < 7 ? 1 : 1 / factor) / (7 + 2 / factor));
    }
    const Executor executor(1);
    const auto points = centred_vectors<float>(pointers, vectors[0].size(), executor);
    const std::vector<double> distances = squared_distances_from(points, weights, vectors.size());
    const std::vector<double> expected = distances_from_mean(vectors, weights);
    CAPTURE(factor);
    for (std::size_t i = 0; i < vectors.size(); ++i)
      CHECK(std::fabs(distances[i] - expected[i]) <= 1e-6 * expected[i]);
  }
}

TEST_CASE("Equal weights are those of the reachable among the first n", "[mean_distances]") {
  SymmetricMatrix products(4);
  products.set(1, 1, std::numeric_limits<double>::infinity());
  CHECK(equal_weights(products, 3) == std::vector<double>{0.5, 0, 0.5, 0});
  CHECK(equal_weights(products, 4) == std::vector<double>{1.0 / 3, 0, 1.0 / 3, 1.0 / 3});
  for (const std::size_t i : {0, 2, 3}) products.set(i, i, std::nan(""));
  CHECK(equal_weights(products, 4).empty());
}

}  // namespace
}  // namespace byzsim::mean_distances_test
