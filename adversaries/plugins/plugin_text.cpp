#include "adversaries/plugins/plugin_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace byzsim {
namespace {

// The bytes of the character that the text begins with; 0: none that UTF-8 has.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return first >= 0x20 && first != 0x7f ? 1 : 0;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  const bool too_long = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool no_character = (first == 0xed && byte(1) > 0x9f) || (first == 0xf4 && byte(1) > 0x8f);
  return too_long || no_character ? 0 : length;
}

}  // namespace

std::string_view bounded_text(const char* text, std::size_t longest) {
  return text == nullptr ? std::string_view() : std::string_view(text, ::strnlen(text, longest));
}

std::string shown_text(const char* text) {
  std::string_view rest = bounded_text(text, kLongestPluginText + 1);
  const bool cut = rest.size() > kLongestPluginText;
  rest = rest.substr(0, kLongestPluginText);
  std::string shown;
  while (!rest.empty()) {
    const std::size_t length = character_length(rest);
    if (length == 0)
      shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(rest.front()));
    else
      shown += rest.substr(0, length);
    rest.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return cut ? shown + "..." : shown;
}

}  // namespace byzsim
