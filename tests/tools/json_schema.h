// Checks JSON against the part of JSON schema (2020-12) that byzsim's own schemas use. A keyword
// that it does not know is a fault too, so that nothing is passed over.
#pragma once

#include <algorithm>
#include <regex>
#include <string>
#include <vector>

#include "core/input/json.h"

namespace byzsim::process {

namespace schema_detail {

using Faults = std::vector<std::string>;

inline bool has_type(const Json& value, const std::string& type) {
  if (type == "integer")
    return value.is_number_integer() ||
           (value.is_number_float() && value.get<double>() == double(value.get<std::int64_t>()));
  if (type == "number") return value.is_number();
  if (type == "null") return value.is_null();
  return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
         (type == "string" && value.is_string()) || (type == "boolean" && value.is_boolean());
}

inline Json listed(const Json& one_or_more) {
  return one_or_more.is_array() ? one_or_more : Json::array({one_or_more});
}

inline void check(const Json& root, const Json& schema, const Json& value, const std::string& where,
                  Faults& faults);

inline bool fits(const Json& root, const Json& schema, const Json& value) {
  Faults faults;
  check(root, schema, value, "", faults);
  return faults.empty();
}

inline std::size_t count_fitting(const Json& root, const Json& schemas, const Json& value) {
  return static_cast<std::size_t>(
      std::count_if(schemas.begin(), schemas.end(),
                    [&](const Json& schema) { return fits(root, schema, value); }));
}

inline void check_object(const Json& root, const Json& schema, const Json& value,
                         const std::string& where, Faults& faults) {
  const Json properties = schema.value("properties", Json::object());
  const Json others = schema.value("additionalProperties", Json(true));
  for (const auto& [key, held] : value.items()) {
    const std::string place = pointer_to(where, key);
    if (schema.contains("propertyNames") && !fits(root, schema["propertyNames"], key))
      faults.push_back(place + ": name");
    if (properties.contains(key))
      check(root, properties[key], held, place, faults);
    else if (others.is_object())
      check(root, others, held, place, faults);
    else if (others == false)
      faults.push_back(place + ": additional");
  }
  for (const Json& key : schema.value("required", Json::array()))
    if (!value.contains(key.get<std::string>()))
      faults.push_back(where + ": required " + key.dump());
  if (value.size() < schema.value("minProperties", std::size_t{0}))
    faults.push_back(where + ": minProperties");
}

inline void check_array(const Json& root, const Json& schema, const Json& value,
                        const std::string& where, Faults& faults) {
  if (value.size() < schema.value("minItems", std::size_t{0}))
    faults.push_back(where + ": minItems");
  for (std::size_t i = 0; i < value.size() && schema.contains("items"); ++i)
    check(root, schema["items"], value[i], pointer_to(where, std::to_string(i)), faults);
}

// The keywords about single values. Whether the keyword is known.
inline bool check_keyword(const std::string& keyword, const Json& told, const Json& root,
                          const Json& value, const std::string& where, Faults& faults) {
  bool kept = true;
  const Json several = listed(told);
  if (keyword == "type")
    kept = std::any_of(several.begin(), several.end(),
                       [&](const Json& type) { return has_type(value, type.get<std::string>()); });
  else if (keyword == "enum")
    kept = std::find(told.begin(), told.end(), value) != told.end();
  else if (keyword == "const")
    kept = told == value;
  else if (keyword == "anyOf")
    kept = count_fitting(root, told, value) > 0;
  else if (keyword == "oneOf")
    kept = count_fitting(root, told, value) == 1;
  else if (keyword == "pattern")
    kept = !value.is_string() ||
           std::regex_search(value.get<std::string>(), std::regex(told.get<std::string>()));
  else if (keyword == "minLength")
    kept = !value.is_string() || value.get<std::string>().size() >= told.get<std::size_t>();
  else if (keyword == "minimum")
    kept = !value.is_number() || value.get<double>() >= told.get<double>();
  else if (keyword == "maximum")
    kept = !value.is_number() || value.get<double>() <= told.get<double>();
  else if (keyword == "exclusiveMinimum")
    kept = !value.is_number() || value.get<double>() > told.get<double>();
  else
    return false;
  if (!kept) faults.push_back(where + ": " + keyword);
  return true;
}

inline void check(const Json& root, const Json& schema, const Json& value, const std::string& where,
                  Faults& faults) {
  static const std::vector<std::string> elsewhere = {"$schema",
                                                     "$defs",
                                                     "title",
                                                     "description",
                                                     "default",
                                                     "properties",
                                                     "additionalProperties",
                                                     "propertyNames",
                                                     "required",
                                                     "minProperties",
                                                     "items",
                                                     "minItems"};
  if (schema.contains("$ref"))
    return check(root, root.at(Json::json_pointer(schema["$ref"].get<std::string>().substr(1))),
                 value, where, faults);
  for (const auto& [keyword, told] : schema.items()) {
    if (std::find(elsewhere.begin(), elsewhere.end(), keyword) != elsewhere.end()) continue;
    if (!check_keyword(keyword, told, root, value, where, faults))
      faults.push_back(where + ": unknown keyword " + keyword);
  }
  if (value.is_object()) check_object(root, schema, value, where, faults);
  if (value.is_array()) check_array(root, schema, value, where, faults);
}

}  // namespace schema_detail

/// Where, and by which keyword, a value does not fit a schema.
inline std::vector<std::string> schema_faults(const Json& schema, const Json& value) {
  std::vector<std::string> faults;
  schema_detail::check(schema, schema, value, "", faults);
  return faults;
}

}  // namespace byzsim::process
