// Which keys of a scenario are whole numbers.
#pragma once

#include <string>

namespace byzsim {

/// Whether the key at this JSON pointer of a scenario takes whole numbers and no others, whatever
/// strategies the scenario names. False for a pointer that leads to no key. Plugins that are loaded
/// count.
bool takes_whole_numbers(const std::string& pointer);

}  // namespace byzsim
