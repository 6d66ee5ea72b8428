// Everything a scenario can name, by kind: the tables of all rooms side by side, and the metrics.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/input/parameters.h"
#include "tools/input/scenario_source.h"

namespace byzsim {

/// The kind of what is measured rather than chosen: it has no parameters.
inline constexpr const char* kMetrics = "metrics";

struct CatalogueEntry {
  std::string kind;  ///< plural: "rules"
  Declaration declaration;
  /// What else its table knows of it, by heading: condition, cost, bound.
  std::vector<std::pair<std::string, std::string>> facts = {};
};

/// All entries, by kind and then in the order of their table. Made at each call, since plugins may
/// have added to the tables.
std::vector<CatalogueEntry> catalogue();

/// What is shipped as files of one kind.
struct ShippedKind {
  std::string kind;  ///< plural: "scenarios"
  std::string use;   ///< the command that takes a name: "byzsim run"
  const std::vector<ShippedFile>& files;
};
const std::vector<ShippedKind>& shipped_kinds();
/// The sentence that a shipped file says of itself. Empty where it says none.
std::string summary_of(const ShippedFile& file);

/// The kinds of all entries, then those of the files. Each once, in the order in which they are
/// listed.
std::vector<std::string> catalogue_kinds();
/// "rules" -> "rule".
std::string singular(const std::string& kind);

/// The remedy for a name that is not among `names`, too many to be told: those that hold it, or
/// else the nearest, and then `all`, which says what shows them all. At most six names.
std::string choose_near(const std::string& name, const std::vector<std::string>& names,
                        const std::string& all);

}  // namespace byzsim
