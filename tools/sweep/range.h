// Evenly spaced values between two ends.
#pragma once

#include <string>
#include <vector>

#include "core/input/issue.h"
#include "core/input/json.h"
#include "core/input/parameters.h"

namespace byzsim {

/// What a range is told beside its two ends.
const std::vector<Parameter>& range_parameters();

/// {"from", "to", "count", "scale", "whole"} as values: the ends as they are written, what lies
/// between them evenly spaced. Ends are both numbers, durations ("5 ms") or rates ("1 Gbit/s"), and
/// so are the values. There are `count` of them, each strictly between its neighbours. Linear
/// ranges are rounded to six digits of their step, logarithmic ones to four digits of each value
/// and three of its distance from the next. Ranges that are `whole`, or of a key that takes whole
/// numbers only (`whole_key`), have the whole numbers nearest to these of which no two are equal;
/// durations and rates likewise, in nanoseconds and bits a second. Empty, and an issue, for what is
/// no range or has fewer different values.
std::vector<Json> values_of_range(const Json& range, bool whole_key, const std::string& where,
                                  Issues& issues);

}  // namespace byzsim
