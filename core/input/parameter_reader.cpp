// Reading goes on after a mistake, at the default of what was wrong, so that all are reported at
// once.

#include "core/input/parameter_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "core/check.h"
#include "core/input/strategy_names.h"
#include "core/input/units.h"

namespace byzsim {
namespace {

bool in_range(const Parameter& declared, double value) {
  const bool above = declared.low_excluded ? value > declared.low : value >= declared.low;
  return above && value <= declared.high;
}

std::optional<std::int64_t> as_integer(const Json& json) {
  if (json.is_number_integer()) {
    // Beyond 2^53 another reader of the same file would have rounded it.
    if (json.is_number_unsigned() &&
        json.get<std::uint64_t>() > static_cast<std::uint64_t>(kLargestInteger))
      return std::nullopt;
    return json.get<std::int64_t>();
  }
  if (!json.is_number_float()) return std::nullopt;
  const double value = json.get<double>();  // 1e3 is a fine way to write 1000
  if (std::fabs(value) > kLargestInteger || value != std::floor(value)) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::optional<double> as_real(const Json& json) {
  return json.is_number() ? std::optional(json.get<double>()) : std::nullopt;
}

// Every element by `as`, or nothing.
template <class T>
std::optional<Value> list_of(const Parameter& declared, const Json& json,
                             std::optional<T> (*as)(const Json&)) {
  if (!json.is_array()) return std::nullopt;
  std::vector<T> list;
  for (const Json& element : json) {
    const std::optional<T> value = as(element);
    if (!value || !in_range(declared, static_cast<double>(*value))) return std::nullopt;
    list.push_back(*value);
  }
  return list;
}

bool takes_any_text(const Parameter& declared) {
  return declared.type == ParameterType::text || declared.type == ParameterType::path ||
         declared.any_text;
}

// The keyword of that name, in any case. A text keeps its case.
std::optional<std::string> keyword_of(const Parameter& declared, const std::string& string) {
  const auto& words = declared.words;
  if (std::find(words.begin(), words.end(), string) != words.end()) return string;
  if (takes_any_text(declared)) return std::nullopt;
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  };
  for (const std::string& word : words)
    if (std::equal(word.begin(), word.end(), string.begin(), string.end(), same)) return word;
  return std::nullopt;
}

std::optional<Value> from_string(const Parameter& declared, const std::string& string) {
  // Before any other meaning: "auto" of a text parameter that has this keyword is the keyword.
  if (const auto keyword = keyword_of(declared, string)) return *keyword;
  if (takes_any_text(declared)) return string;
  if (declared.type == ParameterType::seed)
    if (const auto seed = parse_seed(string)) return *seed;
  if (declared.type == ParameterType::duration)
    if (const auto span = parse_duration(string); span && in_range(declared, double(*span)))
      return *span;
  if (declared.type == ParameterType::rate)
    if (const auto rate = parse_rate(string)) return *rate;
  return std::nullopt;
}

std::optional<Value> convert(const Parameter& declared, const Json& json) {
  if (json.is_string()) return from_string(declared, json.get<std::string>());
  switch (declared.type) {
    case ParameterType::flag:
      if (json.is_boolean()) return json.get<bool>();
      break;
    case ParameterType::integer:
      if (const auto value = as_integer(json); value && in_range(declared, double(*value)))
        return *value;
      break;
    case ParameterType::seed:
      if (const auto value = as_integer(json); value && *value >= 0) return *value;
      break;
    case ParameterType::real:
      if (const auto value = as_real(json); value && in_range(declared, *value)) return *value;
      break;
    case ParameterType::integers:
      return list_of(declared, json, as_integer);
    case ParameterType::reals:
      return list_of(declared, json, as_real);
    case ParameterType::word:
    case ParameterType::text:
    case ParameterType::path:
    case ParameterType::duration:
    case ParameterType::rate:
      break;
  }
  return std::nullopt;
}

const Declaration* find(const std::vector<Declaration>& among, const std::string& name) {
  const auto it = std::find_if(among.begin(), among.end(),
                               [&](const Declaration& each) { return each.name == name; });
  return it == among.end() ? nullptr : &*it;
}

// What the name sets beside choosing the declaration; null when nothing.
const Preset* preset_of(const Declaration& declaration, const std::string& name) {
  // Only an alias says more than which strategy is meant.
  if (declaration.name == name) return nullptr;
  for (const Preset& preset : declaration.presets)
    // As names are compared everywhere: in any case, with or without separators.
    if (same_name(preset.alias, name)) return &preset;
  return nullptr;
}

std::string to_text(const Preset& preset) {
  return fmt::format("{} \"{}\"", preset.parameter, preset.value);
}

// A parameter that is given must not say otherwise.
void put_preset(const Preset& preset, const std::string& name, const std::string& where,
                Json& given, Issues& issues) {
  if (!given.is_object()) return;  // refused as a whole later
  if (!given.contains(preset.parameter))
    given[preset.parameter] = preset.value;
  else if (given[preset.parameter] != preset.value)
    issues.push_back({pointer_to(where, preset.parameter),
                      fmt::format("\"{}\" means {}, not {}", name, to_text(preset),
                                  brief(given[preset.parameter])),
                      "leave one of them out"});
}

// The strategy that a bare number means; null when there is none.
const Declaration* of_numbers(const std::vector<Declaration>& among) {
  const auto it = std::find_if(among.begin(), among.end(),
                               [](const Declaration& each) { return !each.number.empty(); });
  return it == among.end() ? nullptr : &*it;
}

const Parameter& parameter_of_number(const Declaration& declaration) {
  const auto& all = declaration.parameters;
  const auto it = std::find_if(all.begin(), all.end(), [&](const Parameter& each) {
    return each.name == declaration.number;
  });
  BYZ_CHECK(it != all.end(), "the number of " + declaration.name + " is not declared");
  return *it;
}

Choice read_bare_number(const Declaration& declaration, const Json& json, const std::string& where,
                        Issues& issues) {
  Choice choice{declaration.name, defaults(declaration.parameters)};
  if (const auto value = read_value(parameter_of_number(declaration), json, where, issues))
    choice.parameters.set(declaration.number, *value);
  return choice;
}

Json number_bounds(const Parameter& declared, Json schema) {
  if (declared.low > -kUnbounded)
    schema[declared.low_excluded ? "exclusiveMinimum" : "minimum"] = declared.low;
  if (declared.high < kUnbounded) schema["maximum"] = declared.high;
  return schema;
}

Json type_schema(const Parameter& declared) {
  switch (declared.type) {
    case ParameterType::flag:
      return {{"type", "boolean"}};
    case ParameterType::integer:
      return number_bounds(declared, {{"type", "integer"}});
    case ParameterType::real:
      return number_bounds(declared, {{"type", "number"}});
    case ParameterType::word:
      return {{"enum", declared.words}};
    case ParameterType::text:
    case ParameterType::path:
      return {{"type", "string"}};
    case ParameterType::duration:
      return {{"type", "string"},
              {"pattern", "^[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)? ?(ns|us|ms|s|min|h)$"}};
    case ParameterType::rate:
      return {{"type", "string"},
              {"pattern", "^[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)? ?[kMGT]?(bit|B)/s$"}};
    case ParameterType::integers:
      return {{"type", "array"}, {"items", number_bounds(declared, {{"type", "integer"}})}};
    case ParameterType::reals:
      return {{"type", "array"}, {"items", number_bounds(declared, {{"type", "number"}})}};
    case ParameterType::seed:
      return {{"anyOf",
               {{{"type", "integer"}, {"minimum", 0}, {"maximum", kLargestInteger}},
                {{"type", "string"}, {"pattern", "^(0x0*[0-9a-fA-F]{1,16}|[0-9]+)$"}}}}};
  }
  return {};
}

std::string allowed_keys(const std::string& key, const std::vector<std::string>& known) {
  const std::string meant = did_you_mean(key, known);
  return fmt::format("{}{}allowed: {}", meant, meant.empty() ? "" : " ", fmt::join(known, ", "));
}

// What a value must be instead; the names of a list stand alone, as the standard phrase has them.
std::string refusal(const Parameter& declared, const Json& json) {
  if (declared.type == ParameterType::word)
    return fmt::format("must be one of: {}; found {}", fmt::join(declared.words, ", "),
                       brief(json));
  return fmt::format("must be {}, not {}", accepted(declared), brief(json));
}

// Of a number that has a unit: it may have lost a digit.
std::string finest_unit(const Parameter& declared, const Json& json) {
  if (!json.is_string()) return "";
  if (declared.type == ParameterType::duration) return "the finest unit is 1 ns";
  return declared.type == ParameterType::rate ? "the finest unit is 1 bit/s" : "";
}

std::vector<std::string> names_with(const std::vector<Declaration>& among,
                                    const std::string& parameter) {
  std::vector<std::string> names;
  for (const Declaration& each : among)
    if (std::ranges::find(each.parameters, parameter, &Parameter::name) != each.parameters.end())
      names.push_back(each.name);
  return names;
}

// Which strategies have the parameter that another has not.
std::string owners_of(const std::vector<Declaration>& among, const std::string& parameter) {
  const std::vector<std::string> names = names_with(among, parameter);
  return names.empty()
             ? ""
             : fmt::format("; '{}' is a parameter of {}", parameter, fmt::join(names, ", "));
}

// A parameter may have been written beside "name" instead of within "parameters".
void refuse_keys_beside_name(const Json& choice, const std::vector<Declaration>& among,
                             const std::vector<std::string>& keys, const std::string& where,
                             Issues& issues) {
  std::vector<std::string> known = {"name"};
  known.insert(known.end(), keys.begin(), keys.end());
  for (const auto& [key, value] : choice.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string remedy =
        names_with(among, key).empty()
            ? allowed_keys(key, known)
            : fmt::format("did you mean {}?", pointer_to(pointer_to(where, "parameters"), key));
    issues.push_back({pointer_to(where, key), "unknown key", remedy});
  }
}

}  // namespace

std::optional<Value> read_value(const Parameter& declared, const Json& json,
                                const std::string& where, Issues& issues) {
  std::optional<Value> value = convert(declared, json);
  if (value) return value;
  std::string remedy =
      json.is_string() ? did_you_mean(json.get<std::string>(), declared.words) : "";
  if (remedy.empty()) remedy = finest_unit(declared, json);
  // The hint is about values out of range, not about other types.
  if (remedy.empty() && json.is_number()) remedy = declared.hint;
  issues.push_back({where, refusal(declared, json), remedy});
  return std::nullopt;
}

Json write_value(const Parameter& declared, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (declared.type == ParameterType::duration) return format_duration(*number);
    if (declared.type == ParameterType::rate) return format_rate(*number);
    if (declared.type == ParameterType::seed && (*number < 0 || double(*number) > kLargestInteger))
      return format_seed(*number);
  }
  return std::visit([](const auto& held) { return Json(held); }, value);
}

bool is_written(const Parameter& declared, const Value& value) {
  return declared.written_at_default || value != declared.fallback;
}

Json schema_of(const Parameter& declared) {
  Json schema = type_schema(declared);
  if (declared.type != ParameterType::word && !declared.words.empty())
    schema = {{"anyOf", {schema, {{"enum", declared.words}}}}};
  if (declared.any_text) schema = {{"anyOf", {schema, {{"type", "string"}}}}};
  schema["description"] = declared.summary;
  schema["default"] = write_value(declared, declared.fallback);
  return schema;
}

void refuse_unknown_keys(const Json& object, const std::vector<std::string>& known,
                         const std::string& where, Issues& issues) {
  for (const auto& [key, value] : object.items())
    if (std::find(known.begin(), known.end(), key) == known.end())
      issues.push_back({pointer_to(where, key), "unknown key", allowed_keys(key, known)});
}

Parameters read_parameters(const std::vector<Parameter>& declared, const Json& object,
                           const std::string& where, Issues& issues) {
  Parameters parameters = defaults(declared);
  if (!object.is_object()) {
    issues.push_back({where, fmt::format("must be an object, not {}", brief(object)), ""});
    return parameters;
  }
  std::vector<std::string> known;
  for (const Parameter& parameter : declared) {
    known.push_back(parameter.name);
    if (!object.contains(parameter.name)) continue;
    if (auto value = read_value(parameter, object[parameter.name],
                                pointer_to(where, parameter.name), issues))
      parameters.set(parameter.name, *value);
  }
  refuse_unknown_keys(object, known, where, issues);
  return parameters;
}

Json write_parameters(const std::vector<Parameter>& declared, const Parameters& parameters) {
  Json object = Json::object();
  for (const auto& [name, value] : parameters.values()) {
    const auto it = std::find_if(declared.begin(), declared.end(),
                                 [&, &key = name](const auto& each) { return each.name == key; });
    BYZ_CHECK(it != declared.end(), "parameter " + name + " is not declared");
    if (is_written(*it, value)) object[name] = write_value(*it, value);
  }
  return object;
}

Choice read_choice(const std::vector<Declaration>& among, const std::string& kind, const Json& json,
                   const std::string& where, Issues& issues, Notes& notes,
                   const std::vector<std::string>& keys) {
  // Something to go on with; the caller throws once everything is read.
  const Choice fallback = default_choice(among, among.front().name);
  const Declaration* numbered = of_numbers(among);
  if (json.is_number() && numbered != nullptr)
    return read_bare_number(*numbered, json, where, issues);
  if (!json.is_string() && !json.is_object()) {
    issues.push_back({where,
                      fmt::format("must be {{\"name\": ..., \"parameters\": {{...}}}} or a "
                                  "name{}, not {}",
                                  numbered != nullptr ? " or a number" : "", brief(json)),
                      ""});
    return fallback;
  }
  const bool bare = json.is_string();
  // Before the name is looked at: both may be wrong, and both are reported.
  if (!bare) refuse_keys_beside_name(json, among, keys, where, issues);
  if (!bare && (!json.contains("name") || !json["name"].is_string())) {
    issues.push_back({pointer_to(where, "name"), fmt::format("the name of the {} is missing", kind),
                      choose_from("", names_of(among))});
    return fallback;
  }
  const std::string name = (bare ? json : json["name"]).get<std::string>();
  const Declaration* declaration = find_called(among, name);
  if (declaration == nullptr) {
    issues.push_back({bare ? where : pointer_to(where, "name"),
                      fmt::format("unknown {} '{}'", kind, name), remedy_for(among, kind, name)});
    return fallback;
  }
  const Preset* preset = preset_of(*declaration, name);
  if (declaration->name != name)
    notes.push_back(fmt::format("{}: the {} '{}' is called '{}' here{}", where, kind, name,
                                declaration->name, preset ? ", with " + to_text(*preset) : ""));
  Json given = !bare && json.contains("parameters") ? json["parameters"] : Json::object();
  const std::string place = pointer_to(where, "parameters");
  if (preset != nullptr) put_preset(*preset, name, place, given, issues);
  if (declaration->parameters.empty() && given.is_object() && !given.empty()) {
    issues.push_back({place, declaration->name + " takes no parameters",
                      "leave them out" + owners_of(among, given.begin().key())});
    // Reported as a whole; key by key would say the same again.
    given = Json::object();
  }
  return {declaration->name, read_parameters(declaration->parameters, given, place, issues)};
}

std::vector<Choice> read_choices(const std::vector<Declaration>& among, const std::string& kind,
                                 const Json& json, const std::string& where, Issues& issues,
                                 Notes& notes) {
  if (json.is_string() || json.is_object())
    return {read_choice(among, kind, json, where, issues, notes)};
  std::vector<Choice> choices;
  if (!json.is_array())
    issues.push_back(
        {where, fmt::format("must be a name, an object or a list of them, not {}", brief(json)),
         ""});
  for (std::size_t i = 0; json.is_array() && i < json.size(); ++i)
    choices.push_back(
        read_choice(among, kind, json[i], pointer_to(where, std::to_string(i)), issues, notes));
  return choices;
}

Json write_choice(const std::vector<Declaration>& among, const Choice& choice) {
  const Declaration* declaration = find(among, choice.name);
  BYZ_CHECK(declaration != nullptr, "nothing is called " + choice.name);
  return {{"name", choice.name},
          {"parameters", write_parameters(declaration->parameters, choice.parameters)}};
}

Json schema_of_choice(const std::vector<Declaration>& among) {
  Json alternatives = Json::array();
  alternatives.push_back({{"enum", names_of(among)}});
  if (const Declaration* numbered = of_numbers(among))
    alternatives.push_back(schema_of(parameter_of_number(*numbered)));
  for (const Declaration& declaration : among) {
    Json properties = Json::object();
    for (const Parameter& parameter : declaration.parameters)
      properties[parameter.name] = schema_of(parameter);
    alternatives.push_back(
        {{"type", "object"},
         {"description", declaration.summary},
         {"required", {"name"}},
         {"additionalProperties", false},
         {"properties",
          {{"name", {{"const", declaration.name}}},
           {"parameters",
            {{"type", "object"}, {"additionalProperties", false}, {"properties", properties}}}}}});
  }
  return {{"anyOf", alternatives}};
}

Json schema_of_choices(const std::vector<Declaration>& among) {
  Json schema = schema_of_choice(among);
  const Json each = schema;
  schema["anyOf"].push_back({{"type", "array"}, {"items", each}});
  return schema;
}

Choice default_choice(const std::vector<Declaration>& among, const std::string& name) {
  const Declaration* declaration = find(among, name);
  BYZ_CHECK(declaration != nullptr, "nothing is called " + name);
  return {name, defaults(declaration->parameters)};
}

}  // namespace byzsim
