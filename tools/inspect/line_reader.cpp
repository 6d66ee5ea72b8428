#include "tools/inspect/line_reader.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "tools/line/interrupt.h"

namespace byzsim {

// Whether there may be more. Waits by poll(), which a signal ends, where read() would begin again.
bool LineReader::read_more() {
  pollfd waited{descriptor_, POLLIN, 0};
  while (::poll(&waited, 1, -1) < 0)
    if (errno != EINTR || interrupted()) return false;
  std::array<char, 4096> bytes;
  const ssize_t count = ::read(descriptor_, bytes.data(), bytes.size());
  if (count < 0) return errno == EINTR && !interrupted();
  if (count == 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(count));
  return true;
}

std::optional<std::string> LineReader::next() {
  std::string line;
  for (;;) {
    const std::size_t end = buffer_.find('\n');
    const std::size_t taken = end == std::string::npos ? buffer_.size() : end;
    if (line.size() < kMostBytes)
      line.append(buffer_, 0, std::min(taken, kMostBytes - line.size()));
    buffer_.erase(0, end == std::string::npos ? taken : end + 1);
    if (end != std::string::npos) return line;
    if (ended_ && line.empty()) return std::nullopt;
    if (ended_) return line;
    if (interrupted()) return std::nullopt;
    ended_ = !read_more();
    if (interrupted()) return std::nullopt;
  }
}

}  // namespace byzsim
