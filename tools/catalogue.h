// Everything a scenario can name, by kind: the tables of all rooms side by side.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/parameters.h"

namespace byzsim {

struct CatalogueEntry {
  std::string kind;  ///< plural: "rules"
  Declaration declaration;
  std::string condition;  ///< of a rule on (n, f); empty for others
};

/// All entries, by kind and then in the order of their table.
std::vector<CatalogueEntry> catalogue();
std::vector<std::string> catalogue_kinds();

}  // namespace byzsim
