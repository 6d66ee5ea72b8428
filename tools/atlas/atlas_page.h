// The atlas as one self-contained page: a map of all cells, coloured by the accuracy of the worst
// case, and a table; each cell leads to its file, or to the report of its run.
#pragma once

#include <string>

#include "tools/atlas/atlas.h"

namespace byzsim {

/// Where links begin, as seen from the page, without a slash at the end.
struct PageLinks {
  std::string files;         ///< the atlas
  std::string reports = {};  ///< the folder of the reports; empty: there are none
};

/// HTML.
std::string atlas_page(const AtlasTable& table, const PageLinks& links);

}  // namespace byzsim
