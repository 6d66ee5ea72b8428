// Which strategy a name means: names are accepted in any case, with or without separators, under
// what else the field calls them, and cut short after a whole word where only one begins so.
#pragma once

#include <string>
#include <vector>

#include "core/input/parameters.h"

namespace byzsim {

/// Whether two names are one but for case and separators: "Multi-Krum" and "multi_krum".
bool same_name(const std::string& one, const std::string& other);

/// Whether this is the name or an alias, but for case and separators ('-', '_', spaces).
bool is_called(const Declaration& declaration, const std::string& name);

/// The declaration that is meant: of this very name, else of this very alias, else the only one
/// that is_called() so, else the only one whose name begins with these words ("dirichlet" of
/// "dirichlet_niid"); null when there is none. Points into `among`.
const Declaration* find_called(const std::vector<Declaration>& among, const std::string& name);

/// The remedy for a name that means none: the nearest name or alias, then all names.
std::string choose_among(const std::vector<Declaration>& among, const std::string& name);

/// The names in their order.
std::vector<std::string> names_of(const std::vector<Declaration>& among);

/// What to write instead of a name that is none of a kind ("rule"), as a sentence.
std::string remedy_for(const std::vector<Declaration>& among, const std::string& kind,
                       const std::string& name);

}  // namespace byzsim
