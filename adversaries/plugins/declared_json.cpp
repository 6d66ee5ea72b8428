#include "adversaries/plugins/declared_json.h"

#include <bit>
#include <cstdint>
#include <variant>

namespace byzsim {
namespace {

// JSON has no infinities: numbers go by their bits.
Json bits_json(double value) { return std::bit_cast<std::uint64_t>(value); }
double real_of(const Json& json) { return std::bit_cast<double>(json.get<std::uint64_t>()); }

// No plugin can declare lists.
Json fallback_json(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return {{"flag", *flag}};
  if (const auto* number = std::get_if<std::int64_t>(&value)) return {{"integer", *number}};
  if (const auto* number = std::get_if<double>(&value)) return {{"real", bits_json(*number)}};
  return {{"text", std::get<std::string>(value)}};
}

Value fallback_of(const Json& json) {
  if (json.contains("flag")) return json["flag"].get<bool>();
  if (json.contains("integer")) return json["integer"].get<std::int64_t>();
  if (json.contains("real")) return real_of(json["real"]);
  return json["text"].get<std::string>();
}

Json parameter_json(const Parameter& parameter) {
  return {{"name", parameter.name},
          {"summary", parameter.summary},
          {"type", static_cast<int>(parameter.type)},
          {"fallback", fallback_json(parameter.fallback)},
          {"low", bits_json(parameter.low)},
          {"high", bits_json(parameter.high)},
          {"words", parameter.words}};
}

Parameter parameter_of(const Json& json) {
  return {.name = json["name"].get<std::string>(),
          .summary = json["summary"].get<std::string>(),
          .type = static_cast<ParameterType>(json["type"].get<int>()),
          .fallback = fallback_of(json["fallback"]),
          .low = real_of(json["low"]),
          .high = real_of(json["high"]),
          .words = json["words"].get<std::vector<std::string>>()};
}

}  // namespace

Json declared_json(const Declaration& declaration) {
  Json parameters = Json::array();
  for (const Parameter& parameter : declaration.parameters)
    parameters.push_back(parameter_json(parameter));
  return {{"name", declaration.name},
          {"summary", declaration.summary},
          {"source", declaration.source},
          {"parameters", parameters}};
}

Declaration declaration_of(const Json& json, const PluginFile& plugin) {
  Declaration declaration{.name = json["name"].get<std::string>(),
                          .summary = json["summary"].get<std::string>(),
                          .source = json["source"].get<std::string>(),
                          .plugin = plugin};
  for (const Json& parameter : json["parameters"])
    declaration.parameters.push_back(parameter_of(parameter));
  return declaration;
}

Json issues_json(const Issues& issues) {
  Json list = Json::array();
  for (const Issue& issue : issues)
    list.push_back({{"where", issue.where}, {"problem", issue.problem}, {"remedy", issue.remedy}});
  return list;
}

Issues issues_from(const Json& json) {
  Issues issues;
  const auto text = [](const Json& issue, const char* key) {
    const bool there = issue.is_object() && issue.contains(key) && issue[key].is_string();
    return there ? issue[key].get<std::string>() : std::string();
  };
  for (const Json& issue : json)
    issues.push_back({text(issue, "where"), text(issue, "problem"), text(issue, "remedy")});
  return issues;
}

}  // namespace byzsim
