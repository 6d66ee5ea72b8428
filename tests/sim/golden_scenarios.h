// The golden scenarios: small runs that between them use every strategy of the tables.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/input/json.h"
#include "sim/results/whole_files.h"
#include "tests/places.h"

namespace byzsim {

inline std::filesystem::path golden_folder() {
  return std::filesystem::path(source_directory()) / "scenarios" / "golden";
}

/// The file of their digests.
inline std::filesystem::path golden_table() { return golden_folder() / "digests.json"; }

/// By the names of their files.
inline std::map<std::string, Json> golden_scenarios() {
  std::map<std::string, Json> scenarios;
  for (const auto& entry : std::filesystem::directory_iterator(golden_folder()))
    if (entry.path().extension() == ".json" && entry.path() != golden_table())
      scenarios[entry.path().stem().string()] =
          parse_json(read_text(entry.path()), entry.path().string());
  return scenarios;
}

}  // namespace byzsim
