// The worst found so far over the evaluations of a search, as a picture.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tools/search/run_search.h"

namespace byzsim {

/// worst_so_far.svg and .png, name and bytes. Throws InputError with the remedy when Python or its
/// matplotlib is not there. Leaves no file anywhere. The outcome has a trial.
std::vector<std::pair<std::string, std::string>> draw_search(const SearchRequest& request,
                                                             const SearchOutcome& outcome);

}  // namespace byzsim
