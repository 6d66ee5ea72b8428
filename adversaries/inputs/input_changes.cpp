#include "adversaries/inputs/input_changes.h"

#include <algorithm>

namespace byzsim {
namespace {

float moved_by(float value, double difference) {
  return static_cast<float>(static_cast<double>(value) + difference);
}

// All vectors that are equal to that one, so that a cluster stays together.
void move_equal_ones(InputVectors& inputs, std::size_t which, double step, Stream& stream) {
  const std::vector<float> before(inputs.at(which).begin(), inputs.at(which).end());
  std::vector<double> difference(inputs.dimension);
  for (double& each : difference) each = step * stream.normal();
  // In one coordinate as often as in all.
  if (stream.below(2) == 0) {
    const std::size_t only = stream.below(inputs.dimension);
    for (std::size_t c = 0; c < inputs.dimension; ++c)
      if (c != only) difference[c] = 0;
  }
  for (std::size_t i = 0; i < inputs.n(); ++i) {
    if (!std::ranges::equal(inputs.at(i), before)) continue;
    for (std::size_t c = 0; c < inputs.dimension; ++c)
      inputs.at(i)[c] = moved_by(before[c], difference[c]);
  }
}

void move_along_line(InputVectors& inputs, std::size_t which, std::size_t other, Stream& stream) {
  const double share = stream.uniform(-1, 2);
  for (std::size_t c = 0; c < inputs.dimension; ++c) {
    const double here = static_cast<double>(inputs.at(which)[c]);
    const double there = static_cast<double>(inputs.at(other)[c]);
    inputs.at(which)[c] = moved_by(inputs.at(which)[c], share * (there - here));
  }
}

void scale_all(InputVectors& inputs, Stream& stream) {
  const double factor = stream.uniform(0.5, 1.5);
  for (float& value : inputs.values)
    value = static_cast<float>(factor * static_cast<double>(value));
}

}  // namespace

InputVectors changed_inputs(const InputVectors& inputs, double step, Stream& stream) {
  InputVectors changed = inputs;
  const std::size_t which = stream.below(inputs.n()), other = stream.below(inputs.n());
  const std::size_t c = stream.below(inputs.dimension);
  switch (stream.below(10)) {
    case 0:
    case 1:
      changed.at(which)[c] = moved_by(changed.at(which)[c], step * stream.normal());
      break;
    case 2:
      for (float& value : changed.at(which)) value = moved_by(value, step * stream.normal());
      break;
    case 3:
    case 4:
      move_equal_ones(changed, which, step, stream);
      break;
    case 5:
      std::ranges::copy(inputs.at(other), changed.at(which).begin());
      break;
    case 6:
      changed.at(which)[c] = inputs.at(other)[c];
      break;
    case 7:
      move_along_line(changed, which, other, stream);
      break;
    case 8:
      std::ranges::copy(inputs.at(other), changed.at(which).begin());
      std::ranges::copy(inputs.at(which), changed.at(other).begin());
      break;
    default:
      scale_all(changed, stream);
  }
  return changed;
}

double widest_coordinate(const InputVectors& inputs) {
  double widest = 0;
  for (std::size_t c = 0; c < inputs.dimension; ++c) {
    float low = inputs.at(0)[c], high = low;
    for (std::size_t i = 1; i < inputs.n(); ++i) {
      low = std::min(low, inputs.at(i)[c]);
      high = std::max(high, inputs.at(i)[c]);
    }
    widest = std::max(widest, static_cast<double>(high) - static_cast<double>(low));
  }
  return widest;
}

}  // namespace byzsim
