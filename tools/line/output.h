// What is printed: results on standard output, notices on standard error.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <utility>

#include "core/input/printable.h"

namespace byzsim {

/// Writes bytes as they are: what programs read, and what moves on a terminal. An error stays in
/// the stream (ferror), and main() reports it at the end.
inline void write_bytes(std::FILE* stream, const std::string& bytes) {
  std::fwrite(bytes.data(), 1, bytes.size(), stream);
}

/// Where results go: standard output, whatever plugins print there. Buffered: flush it where
/// somebody waits for a line.
std::FILE* result_stream();
/// From now on results go to standard output by a way of their own, and what else is printed there
/// goes to standard error. Before any plugin is loaded. Throws std::system_error.
void keep_results_apart();

/// Writes to standard output, in the form of fmt, with what cannot be shown as printable() has it.
/// Not by fmt itself: from version 11 on it writes
/// into the stream's own buffer, and outside of it once the disk is full.
template <class... Values>
void print_text(fmt::format_string<Values...> form, Values&&... values) {
  const std::string text = fmt::format(form, std::forward<Values>(values)...);
  write_bytes(result_stream(), printable(text, Keep::lines_and_tabs));
}

/// The same to standard error. Where nobody can be told (a full disk under the
/// log, a terminal that is gone) the program goes on in silence: no work is lost for a remark.
template <class... Values>
void tell(fmt::format_string<Values...> form, Values&&... values) {
  const std::string text = fmt::format(form, std::forward<Values>(values)...);
  write_bytes(stderr, printable(text, Keep::lines_and_tabs));
}

}  // namespace byzsim
