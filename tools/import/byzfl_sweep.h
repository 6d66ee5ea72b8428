// From a configuration of ByzFL's benchmark to a sweep of the same runs, with a note for each key
// that cannot be kept as it is. No file is read or written here.
#pragma once

#include <cstdint>

#include "core/input/issue.h"
#include "core/input/json.h"
#include "tools/import/byzfl_config.h"

namespace byzsim {

struct ImportedSweep {
  Json sweep;             ///< as a sweep file holds it
  Notes notes;            ///< "/key/of/byzfl: what becomes of it", in the order of the file's keys
  std::int64_t runs = 0;  ///< of the sweep
  std::int64_t theirs = 0;   ///< that ByzFL would do; more where a key has no effect in them
  std::int64_t removed = 0;  ///< that ByzFL removes as well: tolerated_f below f
};

/// The last axis varies fastest, seeds innermost: axes are in the order of ByzFL's keys. Throws
/// InputError, with all issues, for combinations that are no run in ByzFL either or that one sweep
/// cannot hold.
ImportedSweep sweep_of(const ByzflConfig& config);

}  // namespace byzsim
