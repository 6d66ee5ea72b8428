#include "adversaries/plugins/plugin_declaration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/units.h"

namespace byzsim {
namespace {

bool is_name(const char* text) {
  if (text == nullptr || *text < 'a' || *text > 'z') return false;
  const std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789_";
  return std::string_view(text).find_first_not_of(letters) == std::string_view::npos;
}

std::string text_of(const char* text) { return text == nullptr ? "" : text; }

// Collects the mistakes of one declaration.
class Mistakes {
 public:
  Mistakes(std::string called, const PluginFile& plugin, Issues& issues)
      : called_(std::move(called)), plugin_(plugin), issues_(issues) {}
  void require(bool holds, const std::string& problem, const std::string& remedy = "") {
    if (!holds) issues_.push_back({plugin_.file, called_ + " " + problem, remedy});
  }
  Mistakes of(const std::string& part) const { return {called_ + ", " + part, plugin_, issues_}; }

 private:
  std::string called_;
  const PluginFile& plugin_;
  Issues& issues_;
};

std::vector<std::string> words_of(const byzsim_parameter& declared) {
  std::vector<std::string> words;
  for (const char* const* word = declared.words; word != nullptr && *word != nullptr; ++word)
    words.push_back(*word);
  return words;
}

struct Range {
  double low, high;
};

Range range_of(const byzsim_parameter& declared, Range widest) {
  return declared.low == 0 && declared.high == 0 ? widest : Range{declared.low, declared.high};
}

void check_range(const byzsim_parameter& declared, Range range, bool whole, Mistakes& mistakes) {
  const double fallback = declared.fallback;
  mistakes.require(range.low <= range.high, "has no range: low must not exceed high");
  mistakes.require(
      fallback >= range.low && fallback <= range.high,
      fmt::format("has the default {}, which is not in [{}, {}]", fallback, range.low, range.high));
  for (const double number : {fallback, range.low, range.high})
    if (whole)
      mistakes.require(number == std::floor(number) && std::fabs(number) <= kLargestInteger,
                       fmt::format("must be an integer below 2^53, not {}", number));
}

Parameter read_number(const byzsim_parameter& declared, Mistakes& mistakes) {
  const bool is_real = declared.type == BYZSIM_REAL, is_span = declared.type == BYZSIM_DURATION;
  const Range widest = is_real   ? Range{-kUnbounded, kUnbounded}
                       : is_span ? Range{0, double(kLongestDuration)}
                                 : Range{-kLargestInteger, kLargestInteger};
  const Range range = range_of(declared, widest);
  check_range(declared, range, !is_real, mistakes);
  mistakes.require(!is_span || (range.low >= 0 && range.high <= double(kLongestDuration)),
                   "must be in [0, 10^15] nanoseconds");
  const double fallback = declared.fallback;
  if (is_real) return real(declared.name, fallback, range.low, range.high, declared.summary);
  const bool fits = std::fabs(fallback) <= kLargestInteger;  // not so for NaN, which is refused
  const std::int64_t whole = fits ? static_cast<std::int64_t>(fallback) : 0;
  return is_span ? duration(declared.name, whole, range.low, range.high, declared.summary)
                 : integer(declared.name, whole, range.low, range.high, declared.summary);
}

Parameter read_parameter(const byzsim_parameter& declared, Mistakes& mistakes) {
  const std::vector<std::string> words = words_of(declared);
  switch (declared.type) {
    case BYZSIM_FLAG:
      mistakes.require(declared.fallback == 0 || declared.fallback == 1,
                       "is a flag, but its default is neither 0 nor 1");
      return flag(declared.name, declared.fallback == 1, declared.summary);
    case BYZSIM_WORD:
      mistakes.require(!words.empty(), "has no keywords to choose from");
      return word(declared.name, words.empty() ? std::vector<std::string>{""} : words,
                  declared.summary);
    case BYZSIM_TEXT:
      return text(declared.name, words.empty() ? "" : words.front(), declared.summary);
    case BYZSIM_INTEGER:
    case BYZSIM_REAL:
    case BYZSIM_DURATION:
      return read_number(declared, mistakes);
  }
  mistakes.require(false, fmt::format("has the unknown type {}", declared.type));
  return {};
}

}  // namespace

Declaration read_declaration(const byzsim_declaration& declared, const std::string& called,
                             const PluginFile& plugin, Issues& issues) {
  const bool named = is_name(declared.name);
  Mistakes mistakes(named ? called + " \"" + declared.name + "\"" : called, plugin, issues);
  mistakes.require(named, "has no name of a-z, 0-9 and _ that begins with a letter");
  mistakes.require(!text_of(declared.summary).empty(), "has no summary");
  mistakes.require(declared.parameters != nullptr || declared.parameter_count == 0,
                   fmt::format("has {} parameters but declares none", declared.parameter_count));
  Declaration declaration{.name = text_of(declared.name),
                          .summary = text_of(declared.summary),
                          .source = text_of(declared.source),
                          .plugin = plugin};
  if (declared.parameters == nullptr) return declaration;
  for (std::size_t i = 0; i < declared.parameter_count; ++i) {
    const byzsim_parameter& parameter = declared.parameters[i];
    Mistakes here =
        mistakes.of(is_name(parameter.name) ? fmt::format("parameter \"{}\"", parameter.name)
                                            : fmt::format("parameter {}", i));
    if (!is_name(parameter.name) || parameter.summary == nullptr) {
      here.require(false, "needs a name of a-z, 0-9 and _ and a summary");
      continue;
    }
    const auto& others = declaration.parameters;
    here.require(std::none_of(others.begin(), others.end(),
                              [&](const Parameter& other) { return other.name == parameter.name; }),
                 "is declared twice");
    declaration.parameters.push_back(read_parameter(parameter, here));
  }
  return declaration;
}

}  // namespace byzsim
