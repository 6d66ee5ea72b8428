// The atlas as one self-contained page: a map of all cells, coloured by the accuracy of the worst
// case, and a table; each cell leads to its file.
#pragma once

#include <string>

#include "tools/atlas/atlas.h"

namespace byzsim {

/// HTML. `files` is where links begin: the atlas as seen from the page, without a slash at its end.
std::string atlas_page(const AtlasTable& table, const std::string& files);

}  // namespace byzsim
