// The numeric profile: what the processor and its floating-point environment must be for the bits
// of a result to be those of every other machine.
#pragma once

#include <optional>
#include <string>

namespace byzsim {

/// The profile's name; stands in every digest and result. Results of different profiles are not
/// compared.
constexpr const char* kNumericProfile = "ieee754-fma";

/// Why this process cannot promise the profile's bits (a CPU without the instructions of this
/// build, flush-to-zero, a foreign rounding mode), as a sentence; nothing when it can.
std::optional<std::string> numeric_profile_problem();

/// What of this thread's floating-point environment breaks the profile, as a sentence; null when
/// nothing does.
const char* floating_point_problem();

/// Puts this thread's floating-point environment right again: denormals are numbers, and results
/// round to the nearest.
void reset_floating_point();

/// Throws InternalError if this thread flushes denormals to zero or does not round to nearest: a
/// shared library built with fast-math can switch that on for the whole process. Costs nanoseconds.
void check_floating_point_environment();

}  // namespace byzsim
