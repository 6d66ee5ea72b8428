#include "core/input/parameters.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/check.h"
#include "core/input/units.h"

namespace byzsim {
namespace {

Parameter declare(ParameterType type, std::string name, Value fallback, double low, double high,
                  std::string summary) {
  Parameter parameter;
  parameter.name = std::move(name);
  parameter.summary = std::move(summary);
  parameter.type = type;
  parameter.fallback = std::move(fallback);
  parameter.low = low;
  parameter.high = high;
  return parameter;
}

std::string bound_text(const Parameter& parameter, double bound) {
  if (parameter.type == ParameterType::rate) return format_rate(static_cast<std::int64_t>(bound));
  if (parameter.type == ParameterType::duration)
    return format_duration(static_cast<std::int64_t>(bound));
  // As it is known; its sixteen digits say less.
  return bound == kLargestInteger ? "2^53 - 1" : fmt::format("{}", bound);
}

std::string range_text(const Parameter& parameter) {
  const bool has_low = parameter.low > -kUnbounded, has_high = parameter.high < kUnbounded;
  const std::string low = has_low ? bound_text(parameter, parameter.low) : "";
  const std::string high = has_high ? bound_text(parameter, parameter.high) : "";
  if (has_low && has_high)
    return fmt::format(" in {}{}, {}]", parameter.low_excluded ? "(" : "[", low, high);
  if (has_low) return (parameter.low_excluded ? " above " : " of at least ") + low;
  if (has_high) return " of at most " + high;
  return "";
}

std::string quoted_list(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "\"" : ", \"") + word + "\"";
  return text;
}

const char* noun(ParameterType type) {
  switch (type) {
    case ParameterType::flag:
      return "true or false";
    case ParameterType::integer:
      return "an integer";
    case ParameterType::real:
      return "a number";
    case ParameterType::word:
      return "one of";
    case ParameterType::text:
    case ParameterType::path:
      return "a string";
    case ParameterType::duration:
      return "a duration with its unit (\"5 ms\")";
    case ParameterType::rate:
      return "a rate with its unit (\"10 Gbit/s\")";
    case ParameterType::integers:
      return "a list of integers, each";
    case ParameterType::reals:
      return "a list of numbers, each";
    case ParameterType::seed:
      return "an integer in [0, 2^64), from 2^53 on as a string, decimal (\"42\") or with 0x "
             "hexadecimal (\"0x2a\")";
  }
  return "";
}

}  // namespace

// These return copies, so that a declaration is one expression.
Parameter Parameter::or_word(std::string word) const {
  Parameter extended = *this;
  extended.words.push_back(std::move(word));
  return extended;
}

Parameter Parameter::or_default_word(std::string word) const {
  Parameter extended = or_word(word);
  extended.fallback = std::move(word);
  return extended;
}

Parameter Parameter::or_text() const {
  Parameter extended = *this;
  extended.any_text = true;
  return extended;
}

Parameter Parameter::above_low() const {
  Parameter extended = *this;
  extended.low_excluded = true;
  return extended;
}

Parameter Parameter::omitted_at_default() const {
  Parameter optional = *this;
  optional.written_at_default = false;
  return optional;
}

Parameter Parameter::only_while(std::string other, std::string value) const {
  Parameter relevant = *this;
  relevant.relevance = Relevance{std::move(other), std::move(value), true};
  return relevant;
}

Parameter Parameter::only_unless(std::string other, std::string value) const {
  Parameter relevant = only_while(std::move(other), std::move(value));
  relevant.relevance->equal = false;
  return relevant;
}

Parameter Parameter::with_hint(std::string text) const {
  Parameter hinted = *this;
  hinted.hint = std::move(text);
  return hinted;
}

Parameter flag(std::string name, bool fallback, std::string summary) {
  return declare(ParameterType::flag, std::move(name), fallback, -kUnbounded, kUnbounded,
                 std::move(summary));
}

Parameter integer(std::string name, std::int64_t fallback, double low, double high,
                  std::string summary) {
  return declare(ParameterType::integer, std::move(name), fallback, low, high, std::move(summary));
}

Parameter real(std::string name, double fallback, double low, double high, std::string summary) {
  return declare(ParameterType::real, std::move(name), fallback, low, high, std::move(summary));
}

Parameter word(std::string name, std::vector<std::string> words, std::string summary) {
  BYZ_CHECK(!words.empty(), "a keyword parameter needs keywords");
  Parameter parameter = declare(ParameterType::word, std::move(name), words.front(), -kUnbounded,
                                kUnbounded, std::move(summary));
  parameter.words = std::move(words);
  return parameter;
}

Parameter text(std::string name, std::string fallback, std::string summary) {
  return declare(ParameterType::text, std::move(name), std::move(fallback), -kUnbounded, kUnbounded,
                 std::move(summary));
}

Parameter path(std::string name, std::string summary) {
  return declare(ParameterType::path, std::move(name), std::string(), -kUnbounded, kUnbounded,
                 std::move(summary));
}

Parameter duration(std::string name, std::int64_t fallback_ns, double low_ns, double high_ns,
                   std::string summary) {
  return declare(ParameterType::duration, std::move(name), fallback_ns, low_ns, high_ns,
                 std::move(summary));
}

Parameter rate(std::string name, std::int64_t fallback, std::string summary) {
  return declare(ParameterType::rate, std::move(name), fallback, 1, double(kFastestRate),
                 std::move(summary));
}

Parameter integers(std::string name, std::vector<std::int64_t> fallback, double low, double high,
                   std::string summary) {
  return declare(ParameterType::integers, std::move(name), std::move(fallback), low, high,
                 std::move(summary));
}

Parameter reals(std::string name, double low, double high, std::string summary) {
  return declare(ParameterType::reals, std::move(name), std::vector<double>(), low, high,
                 std::move(summary));
}

Parameter seed(std::string name, std::int64_t fallback, std::string summary) {
  return declare(ParameterType::seed, std::move(name), fallback, -kUnbounded, kUnbounded,
                 std::move(summary));
}

std::string accepted(const Parameter& parameter) {
  if (parameter.type == ParameterType::word) return "one of " + quoted_list(parameter.words);
  std::string text = noun(parameter.type) + range_text(parameter);
  if (!parameter.words.empty()) text += " or " + quoted_list(parameter.words);
  if (parameter.any_text) text += " or a text";
  return text;
}

std::string to_text(const Parameter& parameter, const Value& value) {
  struct Printer {
    const Parameter& parameter;
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const {
      if (parameter.type == ParameterType::duration) return format_duration(v);
      if (parameter.type == ParameterType::rate) return format_rate(v);
      if (parameter.type == ParameterType::seed) return format_seed(v);
      return fmt::format("{}", v);
    }
    std::string operator()(double v) const { return fmt::format("{}", v); }
    std::string operator()(const std::string& v) const { return v.empty() ? "\"\"" : v; }
    std::string operator()(const std::vector<std::int64_t>& v) const {
      return fmt::format("[{}]", fmt::join(v, ", "));
    }
    std::string operator()(const std::vector<double>& v) const {
      return fmt::format("[{}]", fmt::join(v, ", "));
    }
  };
  return std::visit(Printer{parameter}, value);
}

const Value& Parameters::at(std::string_view name) const {
  const auto it = std::find_if(values_.begin(), values_.end(),
                               [&](const auto& entry) { return entry.first == name; });
  BYZ_CHECK(it != values_.end(), "no parameter is called " + std::string(name));
  return it->second;
}

bool Parameters::flag(std::string_view name) const { return std::get<bool>(at(name)); }
std::int64_t Parameters::integer(std::string_view name) const {
  return std::get<std::int64_t>(at(name));
}
double Parameters::real(std::string_view name) const { return std::get<double>(at(name)); }
const std::string& Parameters::word(std::string_view name) const {
  return std::get<std::string>(at(name));
}
const std::vector<std::int64_t>& Parameters::integers(std::string_view name) const {
  return std::get<std::vector<std::int64_t>>(at(name));
}
bool Parameters::is_word(std::string_view name) const {
  return std::holds_alternative<std::string>(at(name));
}

void Parameters::set(std::string name, Value value) {
  for (auto& [existing, held] : values_) {
    if (existing == name) {
      held = std::move(value);
      return;
    }
  }
  values_.emplace_back(std::move(name), std::move(value));
}

bool counts(const Parameter& parameter, const std::vector<Parameter>& declared,
            const Parameters& parameters) {
  if (!parameter.relevance) return true;
  const auto other = std::find_if(declared.begin(), declared.end(), [&](const Parameter& each) {
    return each.name == parameter.relevance->other;
  });
  BYZ_CHECK(other != declared.end(), "no parameter is called " + parameter.relevance->other);
  // Compared as text, so that a declaration can name a value of any type.
  const bool same = to_text(*other, parameters.at(other->name)) == parameter.relevance->value;
  return same == parameter.relevance->equal;
}

Parameters defaults(const std::vector<Parameter>& declared) {
  Parameters parameters;
  for (const Parameter& parameter : declared) parameters.set(parameter.name, parameter.fallback);
  return parameters;
}

}  // namespace byzsim
