#include "core/input/archive.h"

#include <algorithm>
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

std::string bytes_of(const std::function<void(Archive&)>& walk) {
  std::string bytes;
  Archive archive(
      Archive::Sink([&](std::span<const char> more) { bytes.append(more.data(), more.size()); }));
  walk(archive);
  archive.flush();
  return bytes;
}

void read_bytes(std::string_view bytes, const std::function<void(Archive&)>& walk) {
  Archive archive(Archive::Source([&](std::span<char> wanted) {
    Archive::expect(bytes.size() >= wanted.size());
    std::copy_n(bytes.data(), wanted.size(), wanted.data());
    bytes.remove_prefix(wanted.size());
  }));
  walk(archive);
  Archive::expect(bytes.empty());
}

}  // namespace byzsim
