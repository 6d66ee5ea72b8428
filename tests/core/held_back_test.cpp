// Examples that are held back from training.
#include "core/datasets/held_back.h"

#include <algorithm>

#include "tests/catch.h"

namespace byzsim::held_back_test {
namespace {

using Values = std::vector<float>;

// Ten examples of two features, which are told from their labels: (10 l, 10 l + 1).
Dataset ten() {
  Dataset dataset{2, 10, {}, {Values{0, 1}, {0}}};
  Values values;
  for (std::int32_t label = 0; label < 10; ++label) {
    values.insert(values.end(), {10.0f * float(label), 10.0f * float(label) + 1});
    dataset.train.labels.push_back(label);
  }
  dataset.train.features = Features(values);
  return dataset;
}

// Whether every row has the features of its label.
bool is_whole(const Examples& examples) {
  const Values values = examples.features.values();
  for (std::size_t row = 0; row < examples.count(); ++row)
    if (values[2 * row] != 10.0f * float(examples.labels[row])) return false;
  return values.size() == 2 * examples.count();
}

}  // namespace

TEST_CASE("all but floor((1 - share) count) examples are held back") {
  CHECK(held_back_of(0.2, 60000) == 12000);
  CHECK(held_back_of(0.2, 7) == 2);  // floor(5.6) = 5 stay
  CHECK(held_back_of(0.25, 10) == 3);
  CHECK(held_back_of(0, 10) == 0);
}

TEST_CASE("examples that are held back and those that stay are the training set, in its order") {
  Dataset dataset = ten();
  const Examples held = hold_back(dataset, 0.3, 1);
  CHECK(held.count() == 3);
  CHECK(dataset.train.count() == 7);
  CHECK(is_whole(held));
  CHECK(is_whole(dataset.train));
  CHECK(std::is_sorted(held.labels.begin(), held.labels.end()));
  CHECK(std::is_sorted(dataset.train.labels.begin(), dataset.train.labels.end()));
  std::vector<std::int32_t> all = held.labels;
  all.insert(all.end(), dataset.train.labels.begin(), dataset.train.labels.end());
  std::sort(all.begin(), all.end());
  CHECK(all == ten().train.labels);
}

TEST_CASE("the seed draws which examples are held back") {
  Dataset first = ten(), same = ten(), other = ten();
  const auto labels = hold_back(first, 0.5, 1).labels;
  CHECK(hold_back(same, 0.5, 1).labels == labels);
  CHECK(hold_back(other, 0.5, 2).labels != labels);
}

TEST_CASE("images that are held back stay bytes, and normalised") {
  Dataset dataset{1, 2, {Features::of_bytes({0, 255, 51, 102}), {0, 1, 0, 1}}, {}};
  dataset.train.features =
      std::move(dataset.train.features).normalised({.means = {0.5f}, .deviations = {0.5f}});
  const Features before = dataset.train.features;
  const Examples held = hold_back(dataset, 0.5, 3);
  for (const Examples* part : {&held, &std::as_const(dataset).train})
    for (const float value : part->features.values()) {
      const Values all = before.values();  // (b / 255 - 0.5) / 0.5
      CHECK(std::find(all.begin(), all.end(), value) != all.end());
    }
  CHECK(held.targets.empty());
}

TEST_CASE("targets of a regression are held back with their examples") {
  Dataset dataset = ten();
  for (int i = 0; i < 10; ++i) dataset.train.targets.push_back(float(i));
  const Examples held = hold_back(dataset, 0.3, 1);
  for (std::size_t row = 0; row < 3; ++row) CHECK(held.targets[row] == float(held.labels[row]));
}

}  // namespace byzsim::held_back_test
