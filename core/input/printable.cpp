#include "core/input/printable.h"

#include <fmt/format.h>

#include <cstdint>

namespace byzsim {
namespace {

// A character and its bytes; none where the text begins with no UTF-8.
struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 0;
};

bool continues(unsigned char byte) { return (byte & 0xc0) == 0x80; }

// As Unicode 15, table 3-7: neither overlong forms nor surrogates nor beyond U+10FFFF.
Character first_character(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return {first, 1};
  const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  // 0xc0 and 0xc1 would begin overlong forms, and 0xf5 what lies beyond Unicode.
  if (first < 0xc2 || first > 0xf4 || text.size() < bytes) return {};
  std::uint32_t code = first & (0xffu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if (!continues(next)) return {};
    code = code << 6 | (next & 0x3fu);
  }
  const bool overlong = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  return overlong || surrogate || code > 0x10ffff ? Character{} : Character{code, bytes};
}

bool is_control(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

std::string printable(std::string_view text, Keep keep) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const auto [code, bytes] = first_character(text);
    const bool kept = keep == Keep::lines_and_tabs && (code == '\n' || code == '\t');
    if (bytes == 0)
      shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
    else if (is_control(code) && !kept)
      shown += fmt::format("\\u{:04x}", code);
    else
      shown += text.substr(0, bytes);
    // One byte at a time through what is no UTF-8: the next character may begin right after it.
    text.remove_prefix(bytes == 0 ? 1 : bytes);
  }
  return shown;
}

bool is_printable(std::string_view text) { return printable(text) == text; }

}  // namespace byzsim
