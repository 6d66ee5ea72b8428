// A linear regression: y = w . x + b + noise, with w ~ N(0, 1) / sqrt(dimension) in each coordinate
// and b, x ~ N(0, 1), so that w . x has variance about 1 whatever the dimension. The least mean
// square error of any model is noise^2.
//
// Example i of a part is a function of (seed, part, i) alone, and w and b of the seed.
#include <algorithm>
#include <cmath>
#include <span>

#include "core/datasets/dataset.h"
#include "core/exact/random.h"

namespace byzsim {
namespace {

// Identities of the streams.
enum Part : std::uint64_t { train_part = 0, test_part = 1, truth_part = 2 };

constexpr std::size_t kBlock = 64;  // examples one task makes

struct Truth {
  std::vector<double> weights;
  double offset;
};

DatasetSize linear_size(const DatasetInput& input) {
  const auto size = [&](const char* name) {
    return static_cast<std::size_t>(input.parameters.integer(name));
  };
  return {size("dimension"), 0, size("train"), size("test")};
}

Truth draw_truth(std::uint64_t seed, std::size_t dimension) {
  Stream stream(seed, Purpose::dataset, truth_part, 0);
  // The offset is drawn first: it stays when the dimension changes.
  Truth truth{std::vector<double>(dimension), stream.normal()};
  const double deviation = 1 / std::sqrt(static_cast<double>(dimension));
  for (double& weight : truth.weights) weight = deviation * stream.normal();
  return truth;
}

// Fills x and returns its y. The features are rounded first, so that y is what they give.
float draw_example(const Truth& truth, double noise, Stream stream, std::span<float> x) {
  double y = truth.offset;
  for (std::size_t k = 0; k < x.size(); ++k) {
    x[k] = static_cast<float>(stream.normal());
    y += truth.weights[k] * static_cast<double>(x[k]);
  }
  return static_cast<float>(y + noise * stream.normal());
}

Examples make_part(const DatasetInput& input, Part part, std::size_t count, const Truth& truth) {
  const std::size_t dimension = truth.weights.size();
  const double noise = input.parameters.real("noise");
  std::vector<float> features(count * dimension), targets(count);
  input.executor.for_each((count + kBlock - 1) / kBlock, [&](std::size_t block) {
    const std::size_t end = std::min(count, (block + 1) * kBlock);
    for (std::size_t i = block * kBlock; i < end; ++i)
      targets[i] = draw_example(truth, noise, Stream(input.seed, Purpose::dataset, part, i),
                                std::span(features).subspan(i * dimension, dimension));
  });
  return {std::move(features), std::vector<std::int32_t>(count), std::move(targets)};
}

Dataset make_linear(const DatasetInput& input) {
  const DatasetSize size = linear_size(input);
  const Truth truth = draw_truth(input.seed, size.features);
  return {size.features, size.classes, make_part(input, train_part, size.train, truth),
          make_part(input, test_part, size.test, truth)};
}

}  // namespace

namespace datasets_list {

DatasetEntry linear() {
  return {
      {"linear",
       "a linear regression with Gaussian features and noise, made from the seed; real targets, no "
       "classes",
       "standard",
       {integer("dimension", 20, 1, 1e6, "features of an example"),
        integer("train", 5000, 1, 1e7, "training examples"),
        integer("test", 1000, 1, 1e7, "test examples"),
        real("noise", 0.1, 0, 1e6,
             "standard deviation of the targets around the linear function, which itself varies "
             "by about 1")}},
      linear_size,
      make_linear};
}

}  // namespace datasets_list
}  // namespace byzsim
