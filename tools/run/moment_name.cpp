#include "tools/run/moment_name.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/input/issue.h"
#include "core/input/json.h"
#include "core/input/units.h"

namespace byzsim {
namespace {

constexpr std::size_t kMostDigits = 12;

bool is_digit_of_place(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::int64_t parse_count(const std::string& text, const std::string& where,
                         const std::string& what) {
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(), is_digit_of_place);
  if (!digits || text.size() > kMostDigits)
    throw InputError({where, fmt::format("{} is not the number of {}", brief(text), what),
                      fmt::format("write at most {} digits", kMostDigits)});
  return std::stoll(text);
}

MomentName parse_moment(const std::string& text, const std::string& where) {
  const std::size_t equals = text.find('=');
  const std::string key = text.substr(0, equals);
  const std::optional<NamedBy> by = from_word<NamedBy>(key);
  if (equals == std::string::npos || !by) {
    const std::string meant = did_you_mean(key, words_of<NamedBy>());
    throw InputError({where, fmt::format("{} is not a moment of a run", brief(text)),
                      (meant.empty() ? "" : meant + " ") + fmt::format("write {}", kMomentForms)});
  }
  const std::string value = text.substr(equals + 1);
  if (by != NamedBy::time)
    return {*by, parse_count(value, where, by == NamedBy::step ? "a step" : "an event")};
  const std::optional<std::int64_t> time = parse_duration(value);
  if (!time)
    throw InputError({where, fmt::format("{} is not a simulated time", brief(value)),
                      "write a number with ns, us, ms, s, min or h: time=1.5s"});
  return {*by, *time};
}

std::string to_string(const MomentName& place) {
  return fmt::format(
      "{}={}", to_string(place.by),
      place.by == NamedBy::time ? format_duration(place.value) : std::to_string(place.value));
}

}  // namespace byzsim
