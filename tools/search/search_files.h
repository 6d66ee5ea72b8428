// What a search leaves behind: worst.json, an ordinary scenario; search.csv, every evaluation;
// search.json, what was asked and found.
#pragma once

#include <filesystem>
#include <string>

#include "core/input/json.h"
#include "tools/input/csv_table.h"
#include "tools/search/run_search.h"

namespace byzsim {

/// What a search is compared with: "random scheduling", or the very scenario where that is random.
std::string reference_name(const Scenario& scenario);

/// "drift 0.61 after 400 steps, 13 times random scheduling; found after 312 of 500 evaluations".
/// The outcome has a trial, as for worst_scenario and search_json.
std::string sentence_of(const SearchRequest& request, const SearchOutcome& outcome);

/// The worst scenario with an expectation that nine tenths of the harm come again, where an
/// expectation can say so.
Json worst_scenario(const SearchRequest& request, const SearchOutcome& outcome);

/// What was chosen, as text: shortest numbers, strings without quotes.
std::string cell_of(const Json& value);

/// A row for every evaluation in order: its number, what was chosen, the objective, the worst so
/// far, the run's digest. What is undefined (a diverged run) is empty.
CsvTable table_of(const SearchOutcome& outcome);

/// The search without its evaluations; provenance and machine included. `threads` is shown only: no
/// result depends on it.
Json search_json(const SearchRequest& request, const SearchOutcome& outcome, int threads);

}  // namespace byzsim
