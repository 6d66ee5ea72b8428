// Activations between layers, in place: a layer's outputs are overwritten by the activated ones,
// from which alone the derivative follows.
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>

#include "core/exact/portable_math.h"
#include "core/kernels/exponentials.h"

namespace byzsim {

/// What is applied to every output of a layer: nothing, max(0, x), or tanh x.
enum class Activation { none, relu, tanh };

/// NaN stays NaN.
template <class Real>
void activate(Activation activation, std::span<Real> values) {
  if (activation == Activation::relu) {
    for (Real& value : values) value = Real{0} > value ? Real{0} : value;
  } else if (activation == Activation::tanh) {
    // Several at once, with the bits of the loop below.
    if constexpr (std::is_same_v<Real, float>) return hyperbolic_tangents(values);
    for (Real& value : values) value = static_cast<Real>(portable::tanh(value));
  }
}

/// Replaces activated values by the derivatives by what they were before, given those by
/// themselves.
template <class Real>
void differentiate(Activation activation, std::span<const Real> gradient, std::span<Real> values) {
  if (activation == Activation::relu) {
    for (std::size_t i = 0; i < values.size(); ++i)
      // Written so that a NaN passes the derivative on.
      values[i] = values[i] <= Real{0} ? Real{0} : gradient[i];
  } else if (activation == Activation::tanh) {
    for (std::size_t i = 0; i < values.size(); ++i)
      // 1 - tanh^2, of what the forward pass has left.
      values[i] = gradient[i] * (Real{1} - values[i] * values[i]);
  } else {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = gradient[i];
  }
}

}  // namespace byzsim
