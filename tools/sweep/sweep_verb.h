// The verbs within `byzsim sweep`.
#pragma once

#include "tools/line/verb.h"

namespace byzsim {

Verb sweep_plan_verb();
Verb sweep_run_verb();
Verb sweep_status_verb();
Verb sweep_merge_verb();
Verb sweep_submit_verb();

/// The sweep they are about, as open_sweep.h opens it.
void offer_sweep(VerbOptions& verb, Options& typed);

}  // namespace byzsim
