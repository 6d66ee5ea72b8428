// Four at once by the operations of portable_math.cpp in their order: a value has the same bits
// wherever it stands, also among the last few that are done one by one.

#include "core/kernels/exponentials.h"

#include <array>
#include <cstddef>

#include "core/exact/portable_math.h"
#include "core/exact/reduced_exponential.h"
#include "core/kernels/lanes.h"

namespace byzsim {
namespace {

using lanes::Doubles;
using lanes::Mask;
using lanes::spread;

// Beyond these e^x is 0 or infinite, and tanh is 1.
constexpr double kLeastExponent = -745.5, kLargestExponent = 709.9, kLargestArgument = 22.0;

Doubles exponential(Doubles x) {
  // Clamped: power_of_two is right for the exponents of doubles alone.
  const Doubles within =
      lanes::greater_of(lanes::lesser_of(x, spread(kLargestExponent)), spread(kLeastExponent));
  const auto e = portable::reduced_exponential(within);
  // In two steps, as portable::exp does.
  const Doubles first = lanes::floor(e.exponent * 0.5);
  const Doubles power =
      (e.fraction + 1.0) * lanes::power_of_two(first) * lanes::power_of_two(e.exponent - first);
  // The clamp has turned a NaN into a number.
  return lanes::choose(lanes::is_nan(x), x, power);
}

Doubles hyperbolic_tangent(Doubles x) {
  const Doubles size = lanes::magnitude(x);
  const auto e =
      portable::reduced_exponential(lanes::lesser_of(size, spread(kLargestArgument)) * 2.0);
  const Doubles scale = lanes::power_of_two(e.exponent);
  const Doubles grown = (scale - 1.0) + scale * e.fraction;  // e^2|x| - 1
  const Mask is_small = lanes::less(size, spread(1.0));
  const Doubles quotient = lanes::choose(is_small, grown, spread(2.0)) / (grown + 2.0);
  const Doubles value = lanes::choose(is_small, quotient, 1.0 - quotient);
  const Mask changes = lanes::at_least(size, spread(0x1p-28));  // not a NaN either
  return lanes::choose(changes, lanes::with_sign_of(value, x), x);
}

}  // namespace

void exponentials(std::span<double> values) {
  std::size_t i = 0;
  for (; i + 4 <= values.size(); i += 4)
    lanes::store(exponential(lanes::load_doubles(&values[i])), &values[i]);
  for (; i < values.size(); ++i) values[i] = portable::exp(values[i]);
}

void hyperbolic_tangents(std::span<float> values) {
  std::size_t i = 0;
  for (; i + 4 <= values.size(); i += 4)
    lanes::store(hyperbolic_tangent(lanes::load_doubles(&values[i])), &values[i]);
  for (; i < values.size(); ++i) values[i] = static_cast<float>(portable::tanh(values[i]));
}

}  // namespace byzsim
