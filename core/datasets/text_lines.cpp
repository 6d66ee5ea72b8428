#include "core/datasets/text_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace byzsim {
namespace {

constexpr std::size_t kListed = 10;

// from_chars knows no plus sign.
std::string_view without_plus(std::string_view word) {
  // "+-1" must stay no number.
  if (word.starts_with("+") && !word.starts_with("+-")) word.remove_prefix(1);
  return word;
}

}  // namespace

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  if (text.starts_with(mark)) text.remove_prefix(mark.size());
  return text;
}

std::string_view next_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

std::optional<double> finite_number(std::string_view word) {
  word = without_plus(word);
  double number = 0;
  const char* end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, number);
  if (error != std::errc() || stop != end || !std::isfinite(number)) return std::nullopt;
  return number;
}

bool is_number(std::string_view word) {
  word = without_plus(word);
  double number = 0;
  const char* end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, number);
  return error != std::errc::invalid_argument && stop == end;
}

std::string shown_word(std::string_view word) {
  constexpr std::size_t most = 30;
  return word.size() <= most ? fmt::format("\"{}\"", word)
                             : fmt::format("\"{}...\"", word.substr(0, most));
}

void RowFaults::add(std::size_t row, std::string problem, std::string remedy) {
  if (first_.size() == kListed) {
    ++beyond_;
    return;
  }
  const std::string where =
      of_ == Of::text ? fmt::format("{}:{}", path_, row) : fmt::format("{}[{}]", path_, row);
  first_.push_back({where, std::move(problem), std::move(remedy)});
}

Issues RowFaults::issues() const {
  Issues all = first_;
  if (beyond_ > 0)
    all.push_back({path_,
                   fmt::format("{} more faulty {}{}", beyond_, of_ == Of::text ? "line" : "row",
                               beyond_ == 1 ? "" : "s"),
                   ""});
  return all;
}

}  // namespace byzsim
