// The plugins of tests/plugins/, as files, and a scenario that uses one.
#pragma once

#include <string>

#include "tests/places.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process {

inline std::string plugin(const std::string& name) {
  return fs::canonical(fs::path(plugin_directory()) / (name + ".so")).string();
}

/// A change to the tiny scenario: its workers say what the plugin "counterparts" lets them say.
inline const std::string kOtherReversed = R"({"adversary": {"workers": "other_reversed"}})";

}  // namespace byzsim::process
