// What readers of data in lines of text share: lines, numbers, and the faults found on the way.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/input/issue.h"

namespace byzsim {

/// What may stand around a value, and is no part of it.
inline constexpr std::string_view kBlanks = " \t\r";

/// The text after the byte order mark that some editors begin a file with.
std::string_view without_byte_order_mark(std::string_view text);

/// The next line without its end; `text` begins after it.
std::string_view next_line(std::string_view& text);

/// The whole word as a finite number, whatever the locale; a plus sign may precede it.
std::optional<double> finite_number(std::string_view word);

/// Whether the whole word is written as a number, perhaps an infinite one or no number of a double.
bool is_number(std::string_view word);

/// The word in quotation marks, cut after 30 characters.
std::string shown_word(std::string_view word);

/// What is wrong with a row, and what to do about it.
struct RowFault {
  std::string problem;
  std::string remedy;
};

/// The faulty rows of a file: the first ten as issues, the others counted.
class RowFaults {
 public:
  /// Lines of a text count from 1 ("file:1"), rows of an array from 0 ("file[0]").
  enum class Of { text, array };
  /// Of the file of that path, which stands in front of every fault.
  explicit RowFaults(std::string path, Of of = Of::text) : path_(std::move(path)), of_(of) {}
  /// A fault of a row, counted as `Of` says.
  void add(std::size_t row, std::string problem, std::string remedy);
  /// The first ten, and one more with the number of those beyond.
  Issues issues() const;

 private:
  std::string path_;
  Of of_;
  Issues first_;
  std::size_t beyond_ = 0;
};

}  // namespace byzsim
