// What is found against one cell of the atlas: by every hand-written attack, by searches, and by
// the attacks that were found against other rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/atlas/atlas.h"
#include "tools/search/run_search.h"

namespace byzsim {

/// The finder of attacks with default parameters, of which each cell has tried every one.
inline constexpr const char* kHandWritten = "hand-written";

/// A run of the cell under an attack.
struct FoundAttack {
  Trial trial;
  std::string attack;  ///< "fang", or "fang+keep_apart"
  std::string finder;  ///< as in AtlasRow
};

struct CellFindings {
  double without_attack = 0;
  FoundAttack hand_written;  ///< the most damaging of those with default parameters
  FoundAttack worst;         ///< of all
};

/// The attack of a scenario as tables name it: "fang", "fang+keep_apart", "fang then mimic".
std::string name_of_attack(const Scenario& scenario);

/// The accuracy of the cell without Byzantine nodes. Nothing when it was interrupted.
std::optional<double> accuracy_without_attack(const Scenario& cell, MadeBefore& made,
                                              const SearchWatch& watch);

/// The cell under the hand-written attack that tables name so, with its default parameters; nothing
/// where it cannot run, or when it was interrupted.
std::optional<FoundAttack> hand_written_again(const Scenario& cell, const std::string& name,
                                              MadeBefore& made, const SearchWatch& watch);

/// Runs every hand-written attack with its default parameters, and then at most `evaluations` more:
/// the other keywords of their parameters, schedulers where messages may be late, one attack after
/// another, and NLopt over the numbers of the two most damaging attacks. A function of its
/// arguments. Nothing when it was interrupted. Leaves the data set in `made`. Throws InputError for
/// a cell without any accuracy.
std::optional<CellFindings> search_cell(const Scenario& cell, std::int64_t evaluations,
                                        MadeBefore& made, const SearchWatch& watch);

/// /adversary of a scenario as it is written: the attacks, the scheduler, the script.
Json adversary_of(const Scenario& scenario);

/// The cell under that adversary; nothing where a condition refuses it.
std::optional<Scenario> attacked(const Scenario& cell, const Json& adversary);

/// The most damaging of the adversaries against a cell, the earliest of equals; nothing where none
/// can run, or when it was interrupted.
std::optional<FoundAttack> worst_of_adversaries(const Scenario& cell,
                                                const std::vector<Json>& adversaries,
                                                MadeBefore& made, const SearchWatch& watch);

/// One run of a scenario for the atlas: its accuracy and digest. Nothing when it was interrupted.
std::optional<Trial> run_for_atlas(const Scenario& scenario, MadeBefore& made,
                                   const SearchWatch& watch);

}  // namespace byzsim
