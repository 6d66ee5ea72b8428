// Vectors of float32 between JSON and memory, to the last bit: numbers in their shortest form that
// reads back, and words for what JSON has no number for: "inf", "-inf", "nan" (the quiet one,
// 0x7fc00000) and, for every other NaN, its bits ("0xffc00000").
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/input/issue.h"
#include "core/input/json.h"

namespace byzsim {

/// A list with an element for each coordinate; read_vector() gives the same bits back.
Json write_vector(std::span<const float> values);
/// Nothing, and an issue at the first coordinate that is no float32.
std::optional<std::vector<float>> read_vector(const Json& json, const std::string& where,
                                              Issues& issues);
/// The JSON schema (2020-12) of such a list.
Json schema_of_vector();

}  // namespace byzsim
