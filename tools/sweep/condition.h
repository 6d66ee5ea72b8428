// Conditions over the values of a sweep's axes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/input/issue.h"
#include "core/input/json.h"
#include "core/input/parameters.h"
#include "tools/sweep/sweep.h"

namespace byzsim {

/// The scalar keys of a condition beside "value".
const std::vector<Parameter>& condition_parameters();

/// {"axis", "relation", "value"} or {"axis", "relation", "other", "times", "plus"} over the columns
/// of `axes`. Nothing, and an issue, for what is no condition.
std::optional<Condition> read_condition(const Json& json, const std::string& where,
                                        const std::vector<Axis>& axes, Issues& issues);

/// Whether the values of a point, by column, fulfil a condition. As read_condition has checked it:
/// relations of size are between values that have one.
bool holds(const Condition& condition, const std::vector<Json>& values);

}  // namespace byzsim
