// By digits, never through a double: 0.1 is one tenth here, not the double nearest to it.

#include "core/input/decimal.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace byzsim {
namespace {

// A double holds any number of this many digits, and an int64 more.
constexpr std::size_t kMostDigits = 15;

/// A number's digits on both sides of its point, without the zeros that say nothing.
struct Written {
  bool negative;
  std::string whole;
  std::string fraction;
};

bool all_digits(std::string_view word) { return word.find_first_not_of("0123456789") == word.npos; }

std::optional<Written> read_word(std::string_view word) {
  Written written{word.starts_with("-"), "", ""};
  if (word.starts_with("-") || word.starts_with("+")) word.remove_prefix(1);
  const std::size_t point = std::min(word.find('.'), word.size());
  std::string_view whole = word.substr(0, point);
  std::string_view fraction = word.substr(std::min(point + 1, word.size()));
  if ((whole.empty() && fraction.empty()) || !all_digits(whole) || !all_digits(fraction))
    return std::nullopt;
  whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
  written.whole = whole;
  written.fraction = fraction.substr(0, fraction.find_last_not_of('0') + 1);
  return written;
}

std::vector<std::string_view> words_of(std::string_view list) {
  std::vector<std::string_view> words;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    std::string_view word = list.substr(begin, end - begin);
    word.remove_prefix(std::min(word.find_first_not_of(' '), word.size()));
    words.push_back(word.substr(0, word.find_last_not_of(' ') + 1));
    begin = end + 1;
  }
  return words;
}

std::int64_t units_of(const Written& number, std::size_t places) {
  const std::string digits =
      number.whole + number.fraction + std::string(places - number.fraction.size(), '0');
  std::int64_t units = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), units);
  return number.negative ? -units : units;
}

}  // namespace

Decimals parse_decimals(std::string_view list, const std::string& where) {
  std::vector<Written> numbers;
  Issues issues;
  for (const std::string_view word : words_of(list)) {
    if (const auto number = read_word(word))
      numbers.push_back(*number);
    else
      issues.push_back({where, fmt::format("\"{}\" is not a decimal number", word),
                        "write numbers such as 2, -0.5 or 10.25, with commas between them"});
  }
  throw_if_any(issues);
  std::size_t places = 0, whole = 0;
  for (const Written& number : numbers) {
    places = std::max(places, number.fraction.size());
    whole = std::max(whole, number.whole.size());
  }
  if (whole + places > kMostDigits)
    throw InputError({where,
                      fmt::format("the numbers need {} digits before and {} after the point, {} in "
                                  "all are exact",
                                  whole, places, kMostDigits),
                      "round them or write them in another unit"});
  Decimals decimals{{}, static_cast<int>(places)};
  for (const Written& number : numbers) decimals.units.push_back(units_of(number, places));
  return decimals;
}

int decimal_exponent(double value) {
  // From the digits: a logarithm may be off by one beside a power of ten.
  const std::string text = fmt::format("{:.17e}", value);
  int exponent = 0;
  const char* digits = text.data() + text.find('e') + 1;
  std::from_chars(digits + (*digits == '+' ? 1 : 0), text.data() + text.size(), exponent);
  return exponent;
}

double round_decimals(double value, int decimals) {
  const std::string text =
      decimals >= 0
          ? fmt::format("{:.{}f}", value, decimals)
          : fmt::format("{:.{}e}", value, std::max(0, decimal_exponent(value) + decimals));
  double rounded = value;
  std::from_chars(text.data(), text.data() + text.size(), rounded);
  return rounded;
}

std::string format_decimal(std::int64_t units, int places) {
  // At least one digit before the point.
  std::string digits = fmt::format("{:0{}}", units < 0 ? -units : units, places + 1);
  digits.insert(digits.size() - static_cast<std::size_t>(places), ".");
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return (units < 0 ? "-" : "") + digits;
}

}  // namespace byzsim
