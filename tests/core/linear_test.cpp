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

TEST_CASE("targets of a linear set vary by about 1 in every dimension") {
  for (const std::int64_t dimension : {20, 500}) {
    double sum = 0, squares = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed)
      for (const float y : make_linear(dimension, 500, 1, 0, {.seed = seed}).train.targets) {
        sum += y;
        squares += static_cast<double>(y) * y;
      }
    // The offset adds its own variance 1 over the seeds.
    CHECK(std::fabs(sum / 10000) < 0.8);
    CHECK(squares / 10000 == Approx(2).margin(0.9));
  }
}

TEST_CASE("an example of a linear set does not depend on how many are made") {
  const Dataset few = make_linear(4, 10, 5, 0.1), many = make_linear(4, 100, 80, 0.1);
  CHECK(begins_with(many.train.features, few.train.features));
  CHECK(begins_with(many.train.targets, few.train.targets));
  CHECK(begins_with(many.test.targets, few.test.targets));
}

TEST_CASE("the parts of a linear set share no example") {
  const Dataset set = make_linear(4, 10, 10, 0.1);
  CHECK(set.train.features != set.test.features);
}

TEST_CASE("a linear set has the same bits with 1, 2 and 3 threads") {
  const std::uint64_t alone = digest_of(make_linear(5, 300, 130, 0.1));
  CHECK(digest_of(make_linear(5, 300, 130, 0.1, {.threads = 2})) == alone);
  CHECK(digest_of(make_linear(5, 300, 130, 0.1, {.threads = 3})) == alone);
}

TEST_CASE("a linear set of a seed has the bits it had when it was first drawn") {
  CHECK(to_hex(digest_of(make_linear(6, 40, 20, 0.1))) == "18d5ba63c079615b");
}

TEST_CASE("a linear set of another seed has other bits") {
  CHECK(digest_of(make_linear(6, 40, 20, 0.1)) !=
        digest_of(make_linear(6, 40, 20, 0.1, {.seed = 2})));
}

}  // namespace byzsim::linear_test
