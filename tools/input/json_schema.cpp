#include "tools/input/json_schema.h"

namespace byzsim {

Json object_schema(const Json& properties, const Json& required, const std::string& summary) {
  Json schema = {{"type", "object"},
                 {"description", summary},
                 {"additionalProperties", false},
                 {"properties", properties.is_null() ? Json::object() : properties}};
  if (!required.empty()) schema["required"] = required;
  return schema;
}

Json named_schema(const Json& each, const std::string& summary) {
  return {{"type", "object"}, {"description", summary}, {"additionalProperties", each}};
}

Json list_schema(const Json& each, const std::string& summary) {
  return {{"type", "array"}, {"description", summary}, {"items", each}};
}

}  // namespace byzsim
