// Lines from a file descriptor, one at a time, as they are typed or piped. A signal ends the wait
// for one, so that Ctrl-C works at a prompt.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace byzsim {

class LineReader {
 public:
  /// Of a longer line only this number of bytes is kept.
  static constexpr std::size_t kMostBytes = 4096;

  explicit LineReader(int descriptor) : descriptor_(descriptor) {}

  /// The next line, without its line feed; nothing at the end, on an error, and once interrupted().
  std::optional<std::string> next();

 private:
  bool read_more();

  int descriptor_;
  std::string buffer_;
  bool ended_ = false;
};

}  // namespace byzsim
