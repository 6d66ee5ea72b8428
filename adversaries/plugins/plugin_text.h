// Texts of a plugin, which may have no end, too many bytes, or bytes that are no text: made safe to
// show and to compare.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace byzsim {

/// Bytes of a text of a plugin; a longer one is cut where it is shown, and refused in a
/// declaration.
constexpr std::size_t kLongestPluginText = 1000;

/// The text up to its end or its longest length, whichever comes first; empty for null.
std::string_view bounded_text(const char* text, std::size_t longest);

/// The text as it can be shown: control characters and bytes that are no UTF-8 as \xNN; "..."
/// stands for what is beyond kLongestPluginText bytes.
std::string shown_text(const char* text);

}  // namespace byzsim
