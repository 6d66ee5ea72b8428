#include "core/datasets/normalisation.h"

#include <cmath>

#include "core/input/parameter_reader.h"
#include "tests/catch.h"

namespace byzsim::normalisation_test {
namespace {

using Values = std::vector<float>;

Choice choice(const std::string& name) { return default_choice(normalisations(), name); }

Choice constants(const std::vector<double>& means, const std::vector<double>& deviations) {
  Choice chosen = choice("constants");
  chosen.parameters.set("means", means);
  chosen.parameters.set("deviations", deviations);
  return chosen;
}

/// Two training examples and one to test with; two channels of one row of two pixels.
Dataset two_channels() {
  return {4, 2, {Values{1, 3, 0, 0, 5, 7, 0, 8}, {0, 1}}, {Values{4, 4, 2, 2}, {0}}, {2, 1, 2}};
}

Dataset normalised(Dataset dataset, const Choice& chosen) {
  normalise(dataset, chosen);
  return dataset;
}

DatasetSize size(const ImageShape& image, std::size_t features) {
  return {features, 10, 5, 5, image};
}

/// As a user reads it; empty where there is none.
std::string problem(const Choice& chosen, const DatasetSize& of) {
  const auto issue = normalisation_problem(chosen, of, "/data/normalise");
  return issue ? to_string(*issue) : "";
}

}  // namespace

TEST_CASE("what is measured is of each channel of the training images, for both parts") {
  const Dataset dataset = normalised(two_channels(), choice("measured"));
  // 1, 3, 5, 7: mean 4, squared distances 9, 1, 1, 9. 0, 0, 0, 8: mean 2, 4, 4, 4, 36.
  const float first = std::sqrt(5.0f), second = std::sqrt(12.0f);
  CHECK(dataset.train.features.values() == Values{-3 / first, -1 / first, -2 / second, -2 / second,
                                                  1 / first, 3 / first, -2 / second, 6 / second});
  CHECK(dataset.test.features.values() == Values{0, 0, 0, 0});
}

TEST_CASE("each feature of examples that are no images is measured by itself") {
  const Dataset table{2, 2, {Values{1, 9, 3, 9}, {0, 1}}, {Values{5, 8}, {0}}};
  const Dataset dataset = normalised(table, choice("measured"));
  // 1, 3: mean 2, deviation 1. A constant becomes 0, and what differs from it keeps its distance.
  CHECK(dataset.train.features.values() == Values{-1, 0, 1, 0});
  CHECK(dataset.test.features.values() == Values{3, -1});
}

TEST_CASE("constants are one for each channel or one for all") {
  CHECK(normalised(two_channels(), constants({2, 1}, {2, 4})).test.features.values() ==
        Values{1, 1, 0.25, 0.25});
  CHECK(normalised(two_channels(), constants({2}, {2})).test.features.values() ==
        Values{1, 1, 0, 0});
}

TEST_CASE("the published constants are those of MNIST and CIFAR-10") {
  Dataset grey{1, 2, {Values{0.5}, {0}}, {Values{1}, {0}}, {1, 1, 1}};
  normalise(grey, choice("mnist"));
  CHECK(grey.test.features.values() == Values{(1 - 0.1307f) / 0.3081f});
  Dataset colour{3, 2, {Values{0, 0, 0}, {0}}, {Values{1, 1, 1}, {0}}, {3, 1, 1}};
  normalise(colour, choice("cifar10"));
  CHECK(colour.test.features.values() ==
        Values{(1 - 0.4914f) / 0.2023f, (1 - 0.4822f) / 0.1994f, (1 - 0.4465f) / 0.2010f});
}

TEST_CASE("without normalisation features stay as they are") {
  CHECK(digest_of(normalised(two_channels(), choice("none"))) == digest_of(two_channels()));
  CHECK(digest_of(normalised(two_channels(), choice("measured"))) != digest_of(two_channels()));
}

TEST_CASE("a normalisation for other data is refused") {
  CHECK(problem(choice("mnist"), size({1, 28, 28}, 784)) == "");
  CHECK(problem(choice("cifar10"), size({1, 28, 28}, 784)) ==
        "/data/normalise: \"cifar10\" is for images of 3 channels, but the examples have 1; choose "
        "\"measured\", or \"constants\"");
  CHECK(problem(choice("mnist"), size({}, 6)) ==
        "/data/normalise: \"mnist\" is for images of 1 channel, but the examples are no images; "
        "choose \"measured\", or \"constants\"");
  CHECK(problem(constants({1, 2}, {1}), size({3, 2, 2}, 12)) ==
        "/data/normalise/parameters/means: has 2 numbers for 3 channels; give 1 or 3");
  CHECK(problem(constants({1}, {}), size({}, 6)) ==
        "/data/normalise/parameters/deviations: has 0 numbers for 6 features; give 1 or 6");
  CHECK(problem(constants({1}, {1, 1, 1}), size({3, 2, 2}, 12)) == "");
}

}  // namespace byzsim::normalisation_test
