// exp and tanh of many values, several at once, with the bits of portable_math.h.
#pragma once

#include <span>

namespace byzsim {

/// Replaces every value by portable::exp of it.
void exponentials(std::span<double> values);

/// Replaces every value by portable::tanh of it, rounded to float.
void hyperbolic_tangents(std::span<float> values);

}  // namespace byzsim
