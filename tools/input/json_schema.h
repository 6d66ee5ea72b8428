// Pieces of JSON schemas (2020-12) that several file formats are made of.
#pragma once

#include <string>

#include "core/input/json.h"

namespace byzsim {

/// An object of these properties and no others. `required` lists keys of `properties`; `summary`
/// becomes the description.
Json object_schema(const Json& properties, const Json& required, const std::string& summary);
/// An object of values under names of the user's own.
Json named_schema(const Json& each, const std::string& summary);
/// A list.
Json list_schema(const Json& each, const std::string& summary);

}  // namespace byzsim
