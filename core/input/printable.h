// Text of any bytes as a terminal can show it.
#pragma once

#include <string>
#include <string_view>

namespace byzsim {

/// What a printed text may keep beside printable characters.
enum class Keep { nothing, lines_and_tabs };

/// The text with bytes that are no UTF-8 as "\xff", and as "\u001b" the control characters and
/// those that turn the direction of writing (Unicode's Cc, U+202A to U+202E, U+2066 to U+2069).
std::string printable(std::string_view text, Keep keep = Keep::nothing);

/// Whether that changes nothing.
bool is_printable(std::string_view text);

}  // namespace byzsim
