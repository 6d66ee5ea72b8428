#include "core/datasets/augmentation.h"

#include <cstdlib>
#include <map>

#include "core/input/parameter_reader.h"
#include "tests/catch.h"

namespace byzsim::augmentation_test {
namespace {

using Values = std::vector<float>;

/// Two channels, two rows, three columns.
const ImageShape kShape = {2, 2, 3};
const Values kImage = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

/// How often each outcome came in `times` draws.
std::map<Values, int> outcomes(const std::vector<Augmentation>& list, int times) {
  std::map<Values, int> found;
  Stream stream(3, Purpose::augmentation, 0, 0);
  const Values zeros = {-1, -2};
  for (int i = 0; i < times; ++i) {
    Values values = kImage;
    augment(list, kShape, zeros, stream, values);
    ++found[values];
  }
  return found;
}

std::vector<Choice> choices(const std::vector<std::string>& names) {
  std::vector<Choice> list;
  for (const std::string& name : names) list.push_back(default_choice(augmentations(), name));
  return list;
}

std::string problem(const std::vector<std::string>& names, const ImageShape& image) {
  const auto issue = augmentation_problem(choices(names), image, "/data/augmentation");
  return issue ? to_string(*issue) : "";
}

}  // namespace

TEST_CASE("a flip exchanges left and right of every row in half of the cases") {
  const auto found = outcomes({Flip{}}, 10'000);
  const Values flipped = {3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10};
  REQUIRE(found.size() == 2);
  CHECK(found.contains(kImage));
  // A deviation of 50: six of them.
  CHECK(std::abs(found.at(flipped) - 5'000) < 300);
}

TEST_CASE("a crop cuts each window of the padded image equally often") {
  const auto found = outcomes({Crop{1}}, 9'000);
  CHECK(found.size() == 9);
  // A deviation of 28: six of them.
  for (const auto& [image, times] : found) CHECK(std::abs(times - 1'000) < 170);
  CHECK(found.contains(kImage));  // the middle
  // One row above and one column to the left are zeros, which normalisation made -1 and -2.
  CHECK(found.contains(Values{-1, -1, -1, -1, 1, 2, -2, -2, -2, -2, 7, 8}));
  // The lower right one.
  CHECK(found.contains(Values{5, 6, -1, -1, -1, -1, 11, 12, -2, -2, -2, -2}));
}

TEST_CASE("a list is applied in its order") {
  const auto made = make_augmentations(choices({"crop", "flip"}));
  REQUIRE(made.size() == 2);
  CHECK(std::get<Crop>(made[0]).padding == 4);
  CHECK(std::holds_alternative<Flip>(made[1]));
  // Nine windows and their mirror images.
  CHECK(outcomes({Crop{1}, Flip{}}, 2'000).size() == 18);
}

TEST_CASE("augmentations are of images, each at most once") {
  CHECK(problem({"flip", "crop"}, kShape) == "");
  CHECK(problem({}, {}) == "");
  CHECK(problem({"flip"}, {}) ==
        "/data/augmentation: changes images, but the examples of the data set are no images; leave "
        "it "
        "out, or choose another data set");
  CHECK(problem({"flip", "crop", "flip"}, kShape) ==
        "/data/augmentation/2: \"flip\" is in the list already; leave one of them out");
}

}  // namespace byzsim::augmentation_test
