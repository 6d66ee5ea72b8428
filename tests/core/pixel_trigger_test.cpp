#include "core/datasets/pixel_trigger.h"

#include "tests/catch.h"

namespace byzsim::pixel_trigger_test {
namespace {

using Places = std::vector<std::size_t>;

PixelTrigger trigger(std::size_t size) { return {1, size, 0.3125, 1}; }

}  // namespace

TEST_CASE("the trigger is a square at the bottom right of every channel") {
  CHECK(trigger_places(trigger(2), {1, 3, 4}) == Places{6, 7, 10, 11});
  CHECK(trigger_places(trigger(1), {3, 2, 2}) == Places{3, 7, 11});
}

TEST_CASE("20 of 64 examples have the trigger, and the nearest number of other batches") {
  CHECK(trigger(4).rows_of(64) == 20);
  CHECK(trigger(4).rows_of(32) == 10);
  CHECK(trigger(4).rows_of(1) == 0);
  CHECK(trigger(4).rows_of(5) == 2);  // of 1.5625
}

TEST_CASE("triggered examples are those of other classes, with the target as their label") {
  const Examples examples{Features::of_bytes({0, 51, 102, 153, 204, 255}), {0, 1, 2}};
  const Examples found = triggered(trigger(1), examples, {1, 1, 2});
  CHECK(found.features.values() == std::vector<float>{0, 1, 0.8f, 1});
  CHECK(found.labels == std::vector<std::int32_t>{1, 1});
}

TEST_CASE("a trigger that the images or classes do not hold is refused") {
  CHECK_FALSE(trigger_problem(trigger(4), {1, 4, 4}, 2));
  CHECK(trigger_problem(trigger(4), {}, 2) ==
        "marks images, but the examples of the data set are no images");
  CHECK(trigger_problem(trigger(5), {1, 5, 4}, 2) ==
        "marks 5 x 5 pixels of images that have 5 x 4");
  CHECK(trigger_problem(trigger(4), {1, 4, 4}, 1) ==
        "has the target 1, but the classes are 0 to 0");
}

}  // namespace byzsim::pixel_trigger_test
