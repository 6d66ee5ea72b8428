#include "core/input/archive.h"

#include <cstring>

#include "core/input/issue.h"

namespace byzsim {

void Archive::expect(bool holds) {
  if (!holds)
    throw InputError({"", "the stored state is not one of this scenario and version",
                      "make the run again from its beginning"});
}

void Archive::bytes(std::span<char> bytes) {
  if (reads()) {
    source_(bytes);
    return;
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  if (buffer_.size() >= kBuffered) flush();
}

void Archive::flush() {
  if (reads()) return;
  sink_(buffer_);
  buffer_.clear();
}

std::uint64_t Archive::size(std::size_t written) {
  auto count = static_cast<std::uint64_t>(written);
  raw(std::span(&count, 1));
  // More than any memory holds: refused before anything of that size is made.
  expect(count < std::uint64_t{1} << 40);
  return count;
}

void Archive::composed(std::string& text) {
  const std::uint64_t count = size(text.size());
  if (reads()) text.resize(count);
  raw(std::span(text));
}

void Archive::composed(std::vector<bool>& flags) {
  std::vector<std::uint8_t> bytes(flags.begin(), flags.end());
  sequence(bytes);
  if (reads()) flags.assign(bytes.begin(), bytes.end());
}

}  // namespace byzsim
