// Everything a scenario can name, by kind: the tables of all rooms side by side.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/parameters.h"

namespace byzsim {

struct CatalogueEntry {
  std::string kind;  ///< plural: "rules"
  Declaration declaration;
  /// What else its table knows of it, by heading: condition, cost, bound.
  std::vector<std::pair<std::string, std::string>> facts = {};
};

/// All entries, by kind and then in the order of their table.
std::vector<CatalogueEntry> catalogue();
std::vector<std::string> catalogue_kinds();

}  // namespace byzsim
