#include <algorithm>
#include <set>

#include "core/datasets/dataset.h"
#include "core/datasets/digit_strokes.h"
#include "core/exact/digest.h"
#include "tests/core/data_files.h"

namespace byzsim::glyphs_test {
namespace {

Dataset make_glyphs(std::int64_t train, std::int64_t test, std::uint64_t seed) {
  const DatasetEntry& entry = datasets().at("glyphs");
  Parameters parameters = defaults(entry.declaration.parameters);
  parameters.set("train", train);
  parameters.set("test", test);
  const Executor executor(1);
  return entry.make({parameters, seed, "", executor});
}

}  // namespace

TEST_CASE("glyphs are 28 x 28 images of ten classes, as many as asked for") {
  const Dataset glyphs = make_glyphs(30, 20, 1);
  CHECK(glyphs.features == 784);
  CHECK(glyphs.classes == 10);
  CHECK(glyphs.train.count() == 30);
  CHECK(glyphs.train.features.size() == 30 * 784);
  CHECK(glyphs.test.count() == 20);
  CHECK(glyphs.test.features.size() == 20 * 784);
  CHECK(glyphs.image == ImageShape{1, 28, 28});
}

TEST_CASE("the size of glyphs is known before they are made") {
  const DatasetEntry& entry = datasets().at("glyphs");
  const Parameters parameters = defaults(entry.declaration.parameters);
  const Executor executor(1);
  const DatasetSize size = entry.size({parameters, 1, "", executor});
  CHECK(size.features == 784);
  CHECK(size.classes == 10);
  CHECK(size.train == 10000);
  CHECK(size.test == 2000);
  CHECK(size.image == ImageShape{1, 28, 28});
}

TEST_CASE("glyphs of a seed have the bits they had when they were first drawn") {
  CHECK(to_hex(digest_of(make_glyphs(40, 20, 1))) == "752c3e38057c1273");
}

TEST_CASE("the classes of glyphs take turns") {
  CHECK(make_glyphs(12, 1, 1).train.labels ==
        std::vector<std::int32_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1});
}

TEST_CASE("grey values of glyphs lie between 0 and 1 and no image is empty") {
  const Dataset glyphs = make_glyphs(200, 1, 3);
  for (std::size_t i = 0; i < 200; ++i) {
    std::vector<float> image(784);
    glyphs.train.features.copy(784 * i, image);
    const auto [least, greatest] = std::minmax_element(image.begin(), image.end());
    CHECK(*least >= 0);
    CHECK(*greatest <= 1);
    CHECK(*greatest > 0.5f);  // ink, beyond the noise of 0.15
  }
}

TEST_CASE("every digit is drawn inside the unit square with points that exist") {
  for (int digit = 0; digit < 10; ++digit) {
    REQUIRE_FALSE(drawings_of(digit).empty());
    for (const Drawing& drawing : drawings_of(digit)) {
      for (const PlanePoint& point : drawing.points) {
        CHECK((point.x >= 0 && point.x <= 1));
        CHECK((point.y >= 0 && point.y <= 1));
      }
      std::set<int> used;
      for (const Stroke& stroke : drawing.strokes) {
        CHECK(stroke.points.size() >= 2);
        used.insert(stroke.points.begin(), stroke.points.end());
      }
      CHECK(*used.begin() == 0);
      CHECK(used.size() == drawing.points.size());
      CHECK(*used.rbegin() == static_cast<int>(drawing.points.size()) - 1);
    }
  }
}

TEST_CASE("a straight stroke is the chain of its points") {
  const std::vector<PlanePoint> places = {{0, 0}, {1, 0}, {1, 1}};
  const auto chain = chain_of({Stroke::Shape::straight, {2, 0, 1}}, places);
  REQUIRE(chain.size() == 3);
  CHECK((chain[0].x == 1 && chain[0].y == 1));
  CHECK((chain[1].x == 0 && chain[1].y == 0));
  CHECK((chain[2].x == 1 && chain[2].y == 0));
}

TEST_CASE("a curved stroke goes through its points") {
  const std::vector<PlanePoint> places = {{0, 0}, {1, 0}, {1, 1}};
  const auto chain = chain_of({Stroke::Shape::curved, {0, 1, 2}}, places);
  REQUIRE(chain.size() == 9);  // four pieces from point to point
  CHECK((chain[0].x == 0 && chain[0].y == 0));
  CHECK((chain[4].x == 1 && chain[4].y == 0));
  CHECK((chain[8].x == 1 && chain[8].y == 1));
  CHECK(chain[6].x > 1);  // the spline swings out at the corner
}

}  // namespace byzsim::glyphs_test
