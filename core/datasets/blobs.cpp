// Blobs: a mixture of spherical Gaussians, one a class. Two centres lie `separation` apart (root
// mean square) whatever the dimension, and examples deviate from their centre by `spread` in each
// coordinate. Only the component along the line between two centres tells them apart, so two
// classes are confused with probability about Phi(-separation / (2 spread)) and the difficulty
// hardly depends on the dimension. In a few dimensions, though, some of the random centres fall
// close together: at the defaults the best possible accuracy is 81 % in 5, 92 % in 20 and 96 % in
// 200 or more.
//
// Example i of a part is a function of (seed, part, i) alone, and a centre of (seed, class).
#include <algorithm>
#include <cmath>
#include <span>

#include "core/datasets/dataset.h"
#include "core/exact/random.h"

namespace byzsim {
namespace {

// Identities of the streams.
enum Part : std::uint64_t { train_part = 0, test_part = 1, centres_part = 2 };

constexpr std::size_t kBlock = 64;  // rows one task makes

DatasetSize blobs_size(const DatasetInput& input) {
  const auto size = [&](const char* name) {
    return static_cast<std::size_t>(input.parameters.integer(name));
  };
  return {size("dimension"), size("classes"), size("train"), size("test")};
}

// Calls make_row(i, row i) for each of the rows.
void for_each_row(const Executor& executor, std::span<float> rows, std::size_t dimension,
                  const std::function<void(std::size_t, std::span<float>)>& make_row) {
  const std::size_t count = rows.size() / dimension;
  executor.for_each((count + kBlock - 1) / kBlock, [&](std::size_t block) {
    const std::size_t end = std::min(count, (block + 1) * kBlock);
    for (std::size_t i = block * kBlock; i < end; ++i)
      make_row(i, rows.subspan(i * dimension, dimension));
  });
}

// The difference of two centres has variance separation^2 / dimension in each coordinate.
std::vector<float> make_centres(const DatasetInput& input, std::size_t count,
                                std::size_t dimension) {
  const double deviation =
      input.parameters.real("separation") / std::sqrt(2 * static_cast<double>(dimension));
  std::vector<float> centres(count * dimension);
  for_each_row(input.executor, centres, dimension, [&](std::size_t i, std::span<float> centre) {
    Stream stream(input.seed, Purpose::dataset, centres_part, i);
    for (float& x : centre) x = static_cast<float>(deviation * stream.normal());
  });
  return centres;
}

// The classes take turns, so that every prefix of a part is balanced.
Examples make_part(const DatasetInput& input, Part part, std::size_t count, std::size_t classes,
                   std::span<const float> centres) {
  const std::size_t dimension = blobs_size(input).features;
  const double spread = input.parameters.real("spread");
  std::vector<float> features(count * dimension);
  std::vector<std::int32_t> labels(count);
  for_each_row(input.executor, features, dimension, [&](std::size_t i, std::span<float> row) {
    const std::size_t label = i % classes;
    const auto centre = centres.subspan(label * dimension, dimension);
    Stream stream(input.seed, Purpose::dataset, part, i);
    for (std::size_t k = 0; k < dimension; ++k)
      row[k] = static_cast<float>(centre[k] + spread * stream.normal());
    labels[i] = static_cast<std::int32_t>(label);
  });
  return {std::move(features), std::move(labels)};
}

Dataset make_blobs(const DatasetInput& input) {
  const DatasetSize size = blobs_size(input);
  // Classes take turns: those beyond the last example have none, and need no centre.
  const std::size_t used = std::min(size.classes, std::max(size.train, size.test));
  const std::vector<float> centres = make_centres(input, used, size.features);
  return {size.features, size.classes,
          make_part(input, train_part, size.train, size.classes, centres),
          make_part(input, test_part, size.test, size.classes, centres)};
}

}  // namespace

namespace datasets_list {

DatasetEntry blobs() {
  return {{"blobs",
           "a mixture of spherical Gaussians, one a class, about equally hard in every dimension",
           "standard",
           {integer("dimension", 20, 1, 1e6, "features of an example"),
            integer("classes", 10, 2, 1e5, "classes, each with its own centre"),
            integer("train", 5000, 1, 1e7, "training examples"),
            integer("test", 1000, 1, 1e7, "test examples"),
            real("spread", 1, 0, 1e6,
                 "standard deviation of the examples around their centre, in each coordinate"),
            real("separation", 5, 0, 1e6, "root mean square distance between two centres")}},
          blobs_size,
          make_blobs};
}

}  // namespace datasets_list
}  // namespace byzsim
