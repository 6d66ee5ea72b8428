// All verbs, each with its options in the file that does what it says.
#pragma once

#include "tools/line/verb.h"

namespace byzsim {

Verb run_verb();
Verb verify_verb();
Verb bisect_verb();
Verb events_verb();
Verb search_verb();
Verb sweep_verb();  ///< with plan, run, status, merge and submit within it
Verb shrink_verb();
Verb report_verb();
Verb figures_verb();
Verb contraction_verb();
Verb eval_verb();
Verb list_verb();
Verb describe_verb();
Verb schema_verb();
Verb version_verb();
Verb completions_verb();
Verb man_verb();

/// In the order of `byzsim --help`.
inline std::vector<Verb> verbs() {
  return {run_verb(),         verify_verb(), bisect_verb(),   events_verb(),  search_verb(),
          sweep_verb(),       shrink_verb(), report_verb(),   figures_verb(), contraction_verb(),
          eval_verb(),        list_verb(),   describe_verb(), schema_verb(),  version_verb(),
          completions_verb(), man_verb()};
}

}  // namespace byzsim
