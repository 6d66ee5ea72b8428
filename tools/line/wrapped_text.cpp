#include "tools/line/wrapped_text.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <sstream>

namespace byzsim {

std::size_t output_columns() {
  if (isatty(STDOUT_FILENO) == 0) return std::numeric_limits<std::size_t>::max();
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  // Indented text in fewer columns would be a word a line.
  return std::clamp<std::size_t>(known ? size.ws_col : 80, 60, 100);
}

std::string wrapped(const std::string& text, std::size_t columns, std::size_t indent) {
  std::string lines;
  std::size_t length = 0;  // of the last line
  std::istringstream words(text);
  for (std::string word; words >> word; length += word.size()) {
    const bool begins = length == 0;
    const bool fits = length + 1 + word.size() <= columns;
    if (!begins) lines += fits ? " " : "\n" + std::string(indent, ' ');
    length = begins || !fits ? 0 : length + 1;
    lines += word;
  }
  return lines;
}

}  // namespace byzsim
