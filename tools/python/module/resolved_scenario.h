// A scenario that has been read and checked, as runs and worlds begin with it.
#pragma once

#include <string>

#include "core/input/issue.h"
#include "sim/scenario/scenario.h"

namespace byzsim::python {

/// Resolved, with the digests of the files that it reads.
struct ResolvedScenario {
  /// Of JSON text. Loads the plugins that it lists. Throws InputError with all mistakes.
  explicit ResolvedScenario(const std::string& json);

  Scenario scenario;
  std::string id;
  Notes notes;  ///< what its user should know
};

}  // namespace byzsim::python
