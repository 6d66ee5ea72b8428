// Keys that users of other programs expect in a scenario, and where their values belong here.
#pragma once

#include <string>

namespace byzsim {

/// Where the value of such a key stands here, as a JSON pointer; empty for any other pointer.
std::string place_of_foreign_key(const std::string& pointer);

}  // namespace byzsim
