#include "adversaries/plugins/plugin_declaration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "adversaries/plugins/plugin_layout.h"
#include "adversaries/plugins/plugin_text.h"
#include "core/input/units.h"

namespace byzsim {
namespace {

constexpr std::size_t kLongestName = 64, kMostParameters = 64, kMostWords = 256;

bool is_name(const char* text) {
  const std::string_view name = bounded_text(text, kLongestName + 1);
  if (name.empty() || name.size() > kLongestName || name[0] < 'a' || name[0] > 'z') return false;
  const std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789_";
  return name.find_first_not_of(letters) == std::string_view::npos;
}

bool has_end(const char* text) {
  return bounded_text(text, kLongestPluginText + 1).size() <= kLongestPluginText;
}

const std::string kTextTooLong =
    fmt::format("has a text of more than {} bytes", kLongestPluginText);

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

std::vector<std::string> words_of(const byzsim_parameter& declared, Mistakes& mistakes) {
  std::vector<std::string> words;
  const char* const* word = declared.words;
  if (declared.type != BYZSIM_WORD && declared.type != BYZSIM_TEXT) return words;
  for (; word != nullptr && *word != nullptr && words.size() < kMostWords; ++word) {
    mistakes.require(has_end(*word), kTextTooLong);
    words.push_back(shown_text(*word));
    if (declared.type == BYZSIM_TEXT) return words;
  }
  mistakes.require(word == nullptr || *word == nullptr,
                   fmt::format("has more than {} keywords; a null pointer ends them", kMostWords));
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
  if (is_real)
    return real(declared.name, fallback, range.low, range.high, shown_text(declared.summary));
  const bool fits = std::fabs(fallback) <= kLargestInteger;  // not so for NaN, which is refused
  const std::int64_t whole = fits ? static_cast<std::int64_t>(fallback) : 0;
  return is_span
             ? duration(declared.name, whole, range.low, range.high, shown_text(declared.summary))
             : integer(declared.name, whole, range.low, range.high, shown_text(declared.summary));
}

Parameter as_declared(const byzsim_parameter& declared, Mistakes& mistakes) {
  const std::vector<std::string> words = words_of(declared, mistakes);
  switch (declared.type) {
    case BYZSIM_FLAG:
      mistakes.require(declared.fallback == 0 || declared.fallback == 1,
                       "is a flag, but its default is neither 0 nor 1");
      return flag(declared.name, declared.fallback == 1, shown_text(declared.summary));
    case BYZSIM_WORD:
      mistakes.require(!words.empty(), "has no keywords to choose from");
      return word(declared.name, words.empty() ? std::vector<std::string>{""} : words,
                  shown_text(declared.summary));
    case BYZSIM_TEXT:
      return text(declared.name, words.empty() ? "" : words.front(), shown_text(declared.summary));
    case BYZSIM_INTEGER:
    case BYZSIM_REAL:
    case BYZSIM_DURATION:
      return read_number(declared, mistakes);
  }
  mistakes.require(false, fmt::format("has the unknown type {}", declared.type));
  return {};
}

void read_parameters_of(const byzsim_declaration& declared, std::size_t size,
                        Declaration& declaration, const Mistakes& mistakes) {
  for (std::size_t i = 0; i < declared.parameter_count; ++i) {
    const byzsim_parameter parameter = read_parameter(declared.parameters, i, size);
    const bool named = is_name(parameter.name);
    Mistakes here = mistakes.of(named ? fmt::format("parameter \"{}\"", parameter.name)
                                      : fmt::format("parameter {}", i));
    if (!named || parameter.summary == nullptr) {
      here.require(false, "needs a name of a-z, 0-9 and _ and a summary");
      continue;
    }
    const auto& others = declaration.parameters;
    here.require(std::none_of(others.begin(), others.end(),
                              [&](const Parameter& other) { return other.name == parameter.name; }),
                 "is declared twice");
    here.require(has_end(parameter.summary), kTextTooLong);
    declaration.parameters.push_back(as_declared(parameter, here));
  }
}

}  // namespace

Declaration read_declaration(const byzsim_declaration& declared, std::size_t parameter_size,
                             const std::string& called, const PluginFile& plugin, Issues& issues) {
  const bool named = is_name(declared.name);
  Mistakes mistakes(named ? called + " \"" + declared.name + "\"" : called, plugin, issues);
  mistakes.require(named, fmt::format("has no name of a-z, 0-9 and _ that begins with a letter and "
                                      "has at most {}",
                                      kLongestName));
  mistakes.require(!bounded_text(declared.summary, 1).empty(), "has no summary");
  mistakes.require(declared.parameters != nullptr || declared.parameter_count == 0,
                   fmt::format("has {} parameters but declares none", declared.parameter_count));
  mistakes.require(
      declared.parameter_count <= kMostParameters,
      fmt::format("has {} parameters; {} are the most", declared.parameter_count, kMostParameters));
  mistakes.require(has_end(declared.summary) && has_end(declared.source), kTextTooLong);
  Declaration declaration{.name = named ? declared.name : shown_text(declared.name),
                          .summary = shown_text(declared.summary),
                          .source = shown_text(declared.source),
                          .plugin = plugin};
  if (declared.parameters != nullptr && declared.parameter_count <= kMostParameters)
    read_parameters_of(declared, parameter_size, declaration, mistakes);
  return declaration;
}

}  // namespace byzsim
