// JSON text in and out. The one place that includes nlohmann/json.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace byzsim {

/// Objects keep the order of their keys.
using Json = nlohmann::ordered_json;

/// Parses one JSON document. Throws InputError naming `source` with line and column for a syntax
/// error, a key that stands twice in one object, or nesting deeper than 64.
Json parse_json(std::string_view text, const std::string& source);

/// Text for people and their editors: what fits into a line of 100 columns stands on one, lists of
/// numbers always.
std::string lines_of(const Json& value);

/// A short form of a value for error messages: at most 60 bytes.
std::string brief(const Json& value);

/// "where/key", with the key escaped as JSON pointers want it (RFC 6901).
std::string pointer_to(const std::string& where, std::string_view key);

}  // namespace byzsim
