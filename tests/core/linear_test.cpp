#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/exact/digest.h"
#include "tests/core/data_files.h"

namespace byzsim::linear_test {
namespace {

using namespace data_files;

Dataset make_linear(std::int64_t dimension, std::int64_t train, std::int64_t test, double noise,
                    const Surroundings& surroundings = {}) {
  return ask(&DatasetEntry::make, "linear",
             {{"dimension", dimension}, {"train", train}, {"test", test}, {"noise", noise}},
             surroundings);
}

struct Line {
  double slope, offset, residual;  // root mean square
};

// The least squares line through the examples of one feature.
Line fit(const Examples& examples) {
  const double n = static_cast<double>(examples.count());
  const std::vector<float> x = examples.features.values();
  const std::vector<float>& y = examples.targets;
  const double mean_x = std::accumulate(x.begin(), x.end(), 0.0) / n;
  const double mean_y = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double xx = 0, xy = 0, square = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  const double slope = xy / xx, offset = mean_y - slope * mean_x;
  for (std::size_t i = 0; i < x.size(); ++i)
    square += (y[i] - offset - slope * x[i]) * (y[i] - offset - slope * x[i]);
  return {slope, offset, std::sqrt(square / n)};
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double variance_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum / static_cast<double>(values.size() - 1);
}

}  // namespace

TEST_CASE("a linear set has real targets, no classes and labels of 0") {
  const Dataset set = make_linear(3, 5, 2, 0.1);
  CHECK(set.features == 3);
  CHECK(set.classes == 0);
  CHECK(set.image == ImageShape{});
  CHECK(set.train.labels == std::vector<std::int32_t>(5, 0));
  CHECK(set.train.features.size() == 15);
  CHECK(set.train.targets.size() == 5);
  CHECK(set.test.targets.size() == 2);
}

TEST_CASE("the size of a linear set is known before it is made") {
  const DatasetSize size = ask(&DatasetEntry::size, "linear", {{"dimension", std::int64_t{7}}});
  CHECK(size.features == 7);
  CHECK(size.classes == 0);
  CHECK(size.train == 5000);
  CHECK(size.test == 1000);
}

TEST_CASE("without noise the targets lie on one line in both parts") {
  const Dataset set = make_linear(1, 1000, 500, 0);
  const Line train = fit(set.train), test = fit(set.test);
  CHECK(train.residual < 1e-6);
  CHECK(test.residual < 1e-6);
  CHECK(train.slope == Approx(test.slope).margin(1e-5));
  CHECK(train.offset == Approx(test.offset).margin(1e-5));
}

TEST_CASE("noise has the deviation asked for") {
  CHECK(fit(make_linear(1, 20000, 1, 0.5).train).residual == Approx(0.5).epsilon(0.02));
}

TEST_CASE("slope and offset of a linear set in one dimension are standard normal over seeds") {
  constexpr double kSeeds = 1000;
  std::vector<double> slopes, offsets;
  for (std::uint64_t seed = 0; seed < static_cast<std::uint64_t>(kSeeds); ++seed) {
    const Line line = fit(make_linear(1, 10, 1, 0, {.seed = seed}).train);
    slopes.push_back(line.slope);
    offsets.push_back(line.offset);
  }
  for (const std::vector<double>& values : {slopes, offsets}) {
    // Five standard deviations: 1 / sqrt(n) of the mean, sqrt(2 / n) of the variance.
    CHECK(mean_of(values) == Approx(0).margin(5 / std::sqrt(kSeeds)));
    CHECK(variance_of(values) == Approx(1).margin(5 * std::sqrt(2 / kSeeds)));
  }
}

TEST_CASE("targets of a linear set have variance 1 around their offset in every dimension") {
  constexpr double kSeeds = 100, kExamples = 100;
  for (const std::int64_t dimension : {20, 500}) {
    double sum = 0;
    for (std::uint64_t seed = 0; seed < static_cast<std::uint64_t>(kSeeds); ++seed) {
      const Dataset set =
          make_linear(dimension, static_cast<std::int64_t>(kExamples), 1, 0, {.seed = seed});
      sum += variance_of({set.train.targets.begin(), set.train.targets.end()});
    }
    // Of one seed it is |w|^2, whose variance is 2 / d, estimated from 100 examples.
    const double deviation =
        std::sqrt((2 / static_cast<double>(dimension) + 2 / kExamples) / kSeeds);
    CHECK(sum / kSeeds == Approx(1).margin(5 * deviation));
  }
}

TEST_CASE("a linear set of a seed has the bits it had when it was first drawn") {
  CHECK(to_hex(digest_of(make_linear(6, 40, 20, 0.1))) == "18d5ba63c079615b");
}

}  // namespace byzsim::linear_test
