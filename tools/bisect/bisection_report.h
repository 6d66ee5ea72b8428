// What `byzsim bisect` has found, for people and for programs.
#pragma once

#include <optional>
#include <string>

#include "core/input/json.h"
#include "tools/bisect/bisection.h"
#include "tools/run/stored_run.h"

namespace byzsim {

/// The two runs that are bisected.
struct RunPair {
  StoredRun run;
  std::optional<StoredRun> other;  ///< absent: the replay of the first

  std::string name_of_other() const;
};

/// Prints where the runs differ, what the event was and led to on either side, and why it happened.
/// To standard output, as all here.
void print_difference(const Bisection& found, const RunPair& pair);
/// Prints the values in which the scenarios differ, if any.
void print_scenarios(const RunPair& pair);
/// What --json prints; null where something is not known.
Json to_json(const Bisection& found, const RunPair& pair);

}  // namespace byzsim
