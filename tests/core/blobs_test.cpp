#include <algorithm>
#include <cmath>

#include "core/datasets/dataset.h"
#include "core/exact/digest.h"
#include "tests/core/data_files.h"

namespace byzsim::blobs_test {
namespace {

using Settings = std::vector<std::pair<std::string, Value>>;

Dataset make_blobs(const Settings& settings) {
  const DatasetEntry& entry = datasets().at("blobs");
  Parameters parameters = defaults(entry.declaration.parameters);
  for (const auto& [name, value] : settings) parameters.set(name, value);
  const Executor executor(1);
  return entry.make({parameters, 1, "", executor});
}

Settings counts(std::int64_t train, std::int64_t test) {
  return {{"train", train}, {"test", test}};
}

// Mean squared difference of two examples, over the coordinates.
double mean_square_difference(const Dataset& set, std::size_t a, std::size_t b) {
  const std::vector<float> train = set.train.features.values();
  double sum = 0;
  for (std::size_t k = 0; k < set.features; ++k) {
    const double difference =
        static_cast<double>(train[a * set.features + k]) - train[b * set.features + k];
    sum += difference * difference;
  }
  return sum / static_cast<double>(set.features);
}

// The fraction of test examples whose nearest class mean of the training examples is their own.
double accuracy_of_nearest_mean(const Dataset& set) {
  const std::vector<float> train = set.train.features.values(), test = set.test.features.values();
  std::vector<double> means(set.classes * set.features);
  for (std::size_t i = 0; i < set.train.count(); ++i)
    for (std::size_t k = 0; k < set.features; ++k)
      means[static_cast<std::size_t>(set.train.labels[i]) * set.features + k] +=
          train[i * set.features + k] * static_cast<double>(set.classes) /
          static_cast<double>(set.train.count());
  std::size_t correct = 0;
  for (std::size_t i = 0; i < set.test.count(); ++i) {
    std::vector<double> distances(set.classes);
    for (std::size_t c = 0; c < set.classes; ++c)
      for (std::size_t k = 0; k < set.features; ++k)
        distances[c] += std::pow(test[i * set.features + k] - means[c * set.features + k], 2);
    const auto nearest = std::min_element(distances.begin(), distances.end()) - distances.begin();
    correct += nearest == set.test.labels[i] ? 1 : 0;
  }
  return static_cast<double>(correct) / static_cast<double>(set.test.count());
}

}  // namespace

TEST_CASE("blobs have the shape asked for") {
  const Dataset blobs = make_blobs({{"dimension", std::int64_t{3}},
                                    {"classes", std::int64_t{4}},
                                    {"train", std::int64_t{9}},
                                    {"test", std::int64_t{5}}});
  CHECK(blobs.features == 3);
  CHECK(blobs.classes == 4);
  CHECK(blobs.train.features.size() == 27);
  CHECK(blobs.train.labels == std::vector<std::int32_t>{0, 1, 2, 3, 0, 1, 2, 3, 0});
  CHECK(blobs.test.features.size() == 15);
  CHECK(blobs.test.count() == 5);
}

TEST_CASE("the size of blobs is known before they are made") {
  const DatasetEntry& entry = datasets().at("blobs");
  const Parameters parameters = defaults(entry.declaration.parameters);
  const Executor executor(1);
  const DatasetSize size = entry.size({parameters, 1, "", executor});
  CHECK(size.features == 20);
  CHECK(size.classes == 10);
  CHECK(size.train == 5000);
  CHECK(size.test == 1000);
}

TEST_CASE("blobs of a seed have the bits they had when they were first made") {
  CHECK(to_hex(digest_of(make_blobs(counts(100, 50)))) == "7e2c47a8cc7f67a7");
}

TEST_CASE("training and test examples of blobs share their centres") {
  Settings settings = counts(10, 10);
  settings.emplace_back("spread", 0.0);
  const Dataset centres = make_blobs(settings);
  CHECK(centres.train.features == centres.test.features);
}

TEST_CASE("examples of one blob deviate by its spread in each coordinate") {
  const Dataset blobs = make_blobs({{"dimension", std::int64_t{20000}},
                                    {"classes", std::int64_t{2}},
                                    {"train", std::int64_t{4}},
                                    {"test", std::int64_t{1}},
                                    {"spread", 3.0}});
  // Two independent deviations: 2 x 3^2 = 18, within five deviations of the estimate.
  CHECK(mean_square_difference(blobs, 0, 2) == Approx(18).margin(5 * 18 * std::sqrt(2.0 / 20000)));
}

TEST_CASE("centres of blobs lie `separation` apart") {
  const Dataset centres = make_blobs({{"dimension", std::int64_t{20000}},
                                      {"classes", std::int64_t{2}},
                                      {"train", std::int64_t{2}},
                                      {"test", std::int64_t{1}},
                                      {"spread", 0.0},
                                      {"separation", 7.0}});
  CHECK(std::sqrt(mean_square_difference(centres, 0, 1) * 20000) == Approx(7).epsilon(0.03));
}

TEST_CASE("blobs are equally hard in few and in many dimensions") {
  for (const std::int64_t dimension : {20, 200}) {
    const double accuracy = accuracy_of_nearest_mean(make_blobs({{"dimension", dimension}}));
    CHECK(accuracy > 0.90);
    CHECK(accuracy < 0.99);
  }
}

}  // namespace byzsim::blobs_test
