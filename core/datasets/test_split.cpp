#include "core/datasets/test_split.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/exact/permutation.h"
#include "core/exact/random.h"

namespace byzsim {

Parameter test_fraction(const std::string& test_file) {
  return real("test_fraction", 0.2, 0, 1,
              "fraction of the examples, drawn from the seed, that is used as test set when there "
              "is no test file")
      .above_low()
      .only_while(test_file, "");
}

// To the nearest, so that a fraction written in decimals means what it says.
std::size_t split_off(const DatasetInput& input, std::size_t count, Issues& issues) {
  const double fraction = input.parameters.real("test_fraction");
  const auto test =
      static_cast<std::size_t>(std::floor(fraction * static_cast<double>(count) + 0.5));
  if (test == 0 || test == count)
    issues.push_back({"/data/parameters/test_fraction",
                      fmt::format("{} of {} examples leaves no {} example", fraction, count,
                                  test == 0 ? "test" : "training"),
                      "use another fraction, or give a test file"});
  return test;
}

TestSplit split_rows(std::size_t count, std::size_t test, std::uint64_t seed) {
  const RowNumbers order = random_permutation(count, Stream(seed, Purpose::dataset, 0, 0));
  const auto middle = order.begin() + static_cast<std::ptrdiff_t>(test);
  TestSplit split{{middle, order.end()}, {order.begin(), middle}};
  // In the file's order, so that which rows are chosen is all that the seed decides.
  std::sort(split.train.begin(), split.train.end());
  std::sort(split.test.begin(), split.test.end());
  return split;
}

}  // namespace byzsim
