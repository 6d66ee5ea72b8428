// Evenly spaced values between two ends.
#pragma once

#include <string>
#include <vector>

#include "core/issue.h"
#include "core/json.h"
#include "core/parameters.h"

namespace byzsim {

/// What a range is told beside its two ends.
const std::vector<Parameter>& range_parameters();

/// {"from", "to", "count", "scale", "whole"} as values: the ends as they are written, what lies
/// between them evenly spaced. Ends are both numbers, durations ("5 ms") or rates ("1 Gbit/s"), and
/// so are the values. Linear ranges are rounded to six digits of their step, logarithmic ones to
/// four digits of each value, `whole` ones to whole numbers. Empty, and an issue, for what is no
/// range.
std::vector<Json> values_of_range(const Json& range, const std::string& where, Issues& issues);

}  // namespace byzsim
