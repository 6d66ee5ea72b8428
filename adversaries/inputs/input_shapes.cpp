#include "adversaries/inputs/input_shapes.h"

#include <algorithm>
#include <cmath>

#include "core/exact/portable_math.h"
#include "core/robustness/honest_sets.h"

namespace byzsim {
namespace {

constexpr double kLogOf10 = 2.302585092994046;

double power_of_ten(double exponent) { return portable::exp(kLogOf10 * exponent); }

InputVectors zeros(std::size_t n, std::size_t dimension) {
  return {dimension, std::vector<float>(n * dimension)};
}

float normal_number(Stream& stream) { return static_cast<float>(stream.normal()); }

void fill_normal(InputVectors& inputs, Stream& stream) {
  for (float& value : inputs.values) value = normal_number(stream);
}

// Two to four places, some of them whole numbers, and each vector at one of them.
InputVectors clusters(std::size_t n, std::size_t dimension, Stream& stream) {
  InputVectors places = zeros(2 + stream.below(3), dimension);
  fill_normal(places, stream);
  if (stream.below(2) == 0)
    for (float& value : places.values) value = std::round(2 * value);
  InputVectors inputs = zeros(n, dimension);
  for (std::size_t i = 0; i < n; ++i)
    std::ranges::copy(places.at(stream.below(places.n())), inputs.at(i).begin());
  return inputs;
}

// The last f are equal, some standard deviations from where the others are drawn.
InputVectors shifted(std::size_t n, std::size_t f, std::size_t dimension, Stream& stream) {
  InputVectors inputs = zeros(n, dimension);
  fill_normal(inputs, stream);
  const double factor = stream.uniform(0, 4);
  for (std::size_t c = 0; c < dimension; ++c) {
    const auto value = static_cast<float>(factor * (stream.below(2) == 0 ? 1 : -1));
    for (std::size_t i = n - f; i < n; ++i) inputs.at(i)[c] = value;
  }
  return inputs;
}

// The last f are far, together or one by one; the others may be equal.
InputVectors far_ones(std::size_t n, std::size_t f, std::size_t dimension, Stream& stream) {
  InputVectors inputs = zeros(n, dimension);
  if (stream.below(2) == 0) fill_normal(inputs, stream);
  const bool together = stream.below(2) == 0;
  double distance = power_of_ten(stream.uniform(-2, 3));
  std::vector<double> direction(dimension);
  for (std::size_t i = n - f; i < n; ++i) {
    if (i == n - f || !together) {
      for (double& each : direction) each = stream.normal();
      distance = power_of_ten(stream.uniform(-2, 3));
    }
    for (std::size_t c = 0; c < dimension; ++c)
      inputs.at(i)[c] += static_cast<float>(distance * direction[c]);
  }
  return inputs;
}

InputVectors whole_numbers(std::size_t n, std::size_t dimension, Stream& stream) {
  InputVectors inputs = zeros(n, dimension);
  const std::uint64_t most = 1 + stream.below(3);
  for (float& value : inputs.values)
    value = static_cast<float>(stream.below(2 * most + 1)) - static_cast<float>(most);
  return inputs;
}

// Each of the first ones has one coordinate, and the last f have all.
InputVectors one_coordinate_each(std::size_t n, std::size_t f, std::size_t dimension,
                                 Stream& stream) {
  InputVectors inputs = zeros(n, dimension);
  for (std::size_t i = 0; i < n - f; ++i)
    inputs.at(i)[i % dimension] = stream.below(2) == 0 ? 1.0F : -1.0F;
  const auto value = static_cast<float>(stream.uniform(-2, 2));
  for (std::size_t i = n - f; i < n; ++i) std::ranges::fill(inputs.at(i), value);
  return inputs;
}

// In every coordinate some of the vectors, others each time, are at 1 and the rest at 0.
InputVectors two_values(std::size_t n, std::size_t f, std::size_t dimension, Stream& stream) {
  InputVectors inputs = zeros(n, dimension);
  for (std::size_t c = 0; c < dimension; ++c) {
    const std::uint64_t ones = 1 + stream.below(n - 1);
    const std::uint64_t first = stream.below(n);
    for (std::size_t i = 0; i < ones; ++i) inputs.at((first + i) % n)[c] = 1;
    if (stream.below(2) == 0) continue;
    const auto value = static_cast<float>(stream.uniform(-1, 2));
    for (std::size_t i = n - f; i < n; ++i) inputs.at(i)[c] = value;
  }
  return inputs;
}

InputVectors of_some_shape(std::size_t n, std::size_t f, std::size_t dimension, Stream& stream) {
  switch (stream.below(6)) {
    case 0:
      return clusters(n, dimension, stream);
    case 1:
      return shifted(n, f, dimension, stream);
    case 2:
      return far_ones(n, f, dimension, stream);
    case 3:
      return whole_numbers(n, dimension, stream);
    case 4:
      return one_coordinate_each(n, f, dimension, stream);
    default:
      return n > 1 ? two_values(n, f, dimension, stream) : clusters(n, dimension, stream);
  }
}

// Rules differ in whether they know a scale or a place.
void scale_and_move(InputVectors& inputs, Stream& stream) {
  const double factor = stream.below(4) == 0 ? power_of_ten(stream.uniform(-3, 2)) : 1;
  const double distance = stream.below(4) == 0 ? power_of_ten(stream.uniform(-1, 2)) : 0;
  std::vector<double> place(inputs.dimension);
  for (double& each : place) each = std::round(distance * stream.normal());
  for (std::size_t i = 0; i < inputs.n(); ++i)
    for (std::size_t c = 0; c < inputs.dimension; ++c)
      inputs.at(i)[c] =
          static_cast<float>(factor * static_cast<double>(inputs.at(i)[c]) + place[c]);
}

// Rules resolve ties by the order of the vectors.
void shuffle_vectors(InputVectors& inputs, Stream& stream) {
  for (std::size_t i = inputs.n(); i > 1; --i) {
    const std::size_t other = stream.below(i);
    if (other != i - 1) std::ranges::swap_ranges(inputs.at(i - 1), inputs.at(other));
  }
}

// C(a, b), or more than `most`.
std::int64_t choices_up_to(std::int64_t a, std::int64_t b, std::int64_t most) {
  std::int64_t count = 1;
  for (std::int64_t i = 1; i <= b && count <= most; ++i) count = count * (a - b + i) / i;
  return count;
}

}  // namespace

InputVectors drawn_inputs(std::size_t n, std::size_t f, std::size_t dimension, Stream stream) {
  BYZ_CHECK(f < n && dimension >= 1, "some vector is honest and has a coordinate");
  InputVectors inputs = of_some_shape(n, f, dimension, stream);
  scale_and_move(inputs, stream);
  shuffle_vectors(inputs, stream);
  return inputs;
}

std::int64_t grid_width(std::size_t n, std::int64_t most) {
  std::int64_t width = 0;
  // Multisets of 2 k + 1 integers.
  while (width < 64 &&
         choices_up_to(static_cast<std::int64_t>(n) + 2 * width + 2, 2 * width + 2, most) <= most)
    ++width;
  return width;
}

std::vector<InputVectors> grid_inputs(std::size_t n, std::size_t dimension, std::int64_t width) {
  BYZ_CHECK(n >= 1 && width >= 1, "a grid has vectors and integers");
  std::vector<InputVectors> all;
  std::vector<std::int64_t> numbers(n, -width);
  while (true) {
    if (numbers.front() != numbers.back()) {
      InputVectors inputs = zeros(n, dimension);
      for (std::size_t i = 0; i < n; ++i) inputs.at(i)[0] = static_cast<float>(numbers[i]);
      all.push_back(std::move(inputs));
    }
    std::size_t last = n;
    while (last > 0 && numbers[last - 1] == width) --last;
    if (last == 0) return all;
    std::fill(numbers.begin() + static_cast<std::ptrdiff_t>(last) - 1, numbers.end(),
              numbers[last - 1] + 1);
  }
}

}  // namespace byzsim
