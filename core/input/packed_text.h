// Text made short for a page of HTML, whose browser unpacks it again.
#pragma once

#include <string>
#include <string_view>

namespace byzsim {

/// The bytes as one member of the gzip format (RFC 1952), without name and time. Other versions of
/// ISA-L and other processors may give other bytes, which unpack to the same text.
std::string gzipped(std::string_view bytes);

/// The bytes in the characters of RFC 4648, section 4, padded.
std::string base64(std::string_view bytes);

}  // namespace byzsim
