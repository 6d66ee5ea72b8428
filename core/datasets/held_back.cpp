#include "core/datasets/held_back.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "core/check.h"
#include "core/exact/permutation.h"

namespace byzsim {
namespace {

using Rows = std::vector<std::size_t>;

Examples examples_at(const Examples& all, const Rows& rows, std::size_t width) {
  // Nothing is painted: the rows alone are wanted, as they are kept.
  Examples some{all.features.painted(rows, width, {}, 0), {}};
  for (const std::size_t row : rows) {
    some.labels.push_back(all.labels[row]);
    if (!all.targets.empty()) some.targets.push_back(all.targets[row]);
  }
  return some;
}

}  // namespace

std::size_t held_back_of(double share, std::size_t count) {
  BYZ_CHECK(share >= 0 && share < 1, "a share is held back");
  return count - static_cast<std::size_t>(std::floor((1 - share) * static_cast<double>(count)));
}

Examples hold_back(Dataset& dataset, double share, std::uint64_t seed) {
  const std::size_t count = dataset.train.count(), held = held_back_of(share, count);
  BYZ_CHECK(held < count, "an example is left to train on");
  const std::vector<std::uint32_t> drawn =
      random_permutation(count, Stream(seed, Purpose::validation, 0, 0));
  const auto middle = drawn.begin() + static_cast<std::ptrdiff_t>(held);
  Rows kept_rows(middle, drawn.end()), held_rows(drawn.begin(), middle);
  std::sort(kept_rows.begin(), kept_rows.end());
  std::sort(held_rows.begin(), held_rows.end());
  Examples validation = examples_at(dataset.train, held_rows, dataset.features);
  dataset.train = examples_at(dataset.train, kept_rows, dataset.features);
  return validation;
}

}  // namespace byzsim
