#include "tests/core/data_files.h"

namespace byzsim::points_test {
namespace {

using namespace data_files;

Dataset make_points(std::vector<std::int64_t> places) {
  return ask(&DatasetEntry::make, "points", {{"places", std::move(places)}});
}

}  // namespace

TEST_CASE("points are the given places, each a class of its own, in both parts") {
  const Dataset set = make_points({-10, 0, 25});
  CHECK(set.features == 1);
  CHECK(set.classes == 3);
  CHECK(set.train.features == std::vector<float>{-10, 0, 25});
  CHECK(set.train.labels == std::vector<std::int32_t>{0, 1, 2});
  CHECK(set.test.features == set.train.features);
  CHECK(set.test.labels == set.train.labels);
}

TEST_CASE("a single point is refused, with the rule and an example") {
  CHECK_THROWS_WITH(make_points({7}),
                    "/data/parameters/places: must be at least two places, not 1; for example "
                    "[-1, 0, 1]");
}

}  // namespace byzsim::points_test
