// The paths in a scenario's JSON: relative ones begin beside the file that they stand in.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/input/json.h"

namespace byzsim {

/// Makes every relative path of a data, delay or model file absolute that leads somewhere from one
/// of `folders` (.gz may be left out); the first that does counts. An empty folder is the working
/// directory. Others stay as they are, names of files below $BYZSIM_DATA among them, and so does
/// what is no valid scenario. Looks at which files exist now; reads none.
void put_paths_beside(const std::vector<std::filesystem::path>& folders, Json& scenario);

/// Whether this is a relative path that leads somewhere from one of `folders`.
bool is_path_beside(const std::vector<std::filesystem::path>& folders, const std::string& text);

}  // namespace byzsim
