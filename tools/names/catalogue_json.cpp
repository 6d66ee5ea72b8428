#include "tools/names/catalogue_json.h"

#include <cctype>
#include <cmath>

#include "core/input/parameter_reader.h"

namespace byzsim {
namespace {

// "Variance-to-norm bound" -> "variance_to_norm_bound".
std::string key_of(const std::string& heading) {
  std::string key = heading;
  for (char& c : key) {
    const auto letter = static_cast<unsigned char>(c);
    c = std::isalnum(letter) ? static_cast<char>(std::tolower(letter)) : '_';
  }
  return key;
}

const char* type_name(ParameterType type) {
  switch (type) {
    case ParameterType::flag:
      return "flag";
    case ParameterType::integer:
      return "integer";
    case ParameterType::real:
      return "number";
    case ParameterType::word:
      return "keyword";
    case ParameterType::text:
      return "text";
    case ParameterType::path:
      return "path";
    case ParameterType::duration:
      return "duration";
    case ParameterType::rate:
      return "bandwidth";
    case ParameterType::integers:
      return "integers";
    case ParameterType::reals:
      return "numbers";
    case ParameterType::seed:
      return "seed";
  }
  return "";
}

// A bound in the unit of values: durations and bandwidths as they are written.
Json bound(const Parameter& parameter, double value) {
  // JSON has no infinity, which stands for no bound.
  if (std::abs(value) == kUnbounded) return nullptr;
  if (parameter.type == ParameterType::duration || parameter.type == ParameterType::rate)
    return to_text(parameter, static_cast<std::int64_t>(value));
  return value;
}

Json parameter_json(const Parameter& parameter) {
  Json json = {{"name", parameter.name},
               {"type", type_name(parameter.type)},
               {"help", parameter.summary},
               {"accepts", accepted(parameter)},
               {"default", write_value(parameter, parameter.fallback)}};
  const Json low = bound(parameter, parameter.low), high = bound(parameter, parameter.high);
  if (!low.is_null()) json[parameter.low_excluded ? "above" : "minimum"] = low;
  if (!high.is_null()) json["maximum"] = high;
  if (!parameter.words.empty()) json["words"] = parameter.words;
  return json;
}

}  // namespace

Json to_json(const CatalogueEntry& entry) {
  const Declaration& declaration = entry.declaration;
  Json json = {{"kind", entry.kind}, {"name", declaration.name}, {"summary", declaration.summary}};
  if (!declaration.source.empty()) json["source"] = declaration.source;
  for (const auto& [heading, fact] : entry.facts) json[key_of(heading)] = fact;
  if (!declaration.aliases.empty()) json["aliases"] = declaration.aliases;
  if (declaration.plugin)
    json["plugin"] = {{"file", declaration.plugin->file}, {"digest", declaration.plugin->digest}};
  if (entry.kind == kMetrics) return json;
  json["parameters"] = Json::array();
  for (const Parameter& parameter : declaration.parameters)
    json["parameters"].push_back(parameter_json(parameter));
  return json;
}

Json to_json(const ShippedKind& kind, const ShippedFile& file) {
  return {{"kind", kind.kind},
          {"name", file.name},
          {"summary", summary_of(file)},
          {"command", kind.use + " " + file.name},
          {"file", Json::parse(file.text)}};
}

}  // namespace byzsim
