// The versions of the libraries that byzsim was compiled with.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace byzsim {

/// Name and version of each, in alphabetical order.
std::vector<std::pair<std::string, std::string>> library_versions();

}  // namespace byzsim
