// What became of a finished run, from its run.json.
#pragma once

#include <string>
#include <vector>

#include "core/input/json.h"

namespace byzsim {

/// Whether it stalled or ran out of time before its last step although no expectation asks for
/// that: one that holds and that a run to the last step would break. Json::exception for a key that
/// run.json lacks, here and below (read_fields names its file).
bool ended_early(const Json& run);

/// "stalled at step 3: a quorum never completed" or "time limit reached at step 3"; empty for a run
/// to the last step.
std::string early_end(const Json& run);

/// "server 0 has 2 of 4 answers of step 3; none of worker 1, worker 2", with what to set where the
/// protocol can go on without them; empty for a run that did not stall so.
std::string missing_answers(const Json& run);

/// Whether an expectation of run.json holds, with what was measured: "expectation failed: accuracy
/// (end) >= 0.9: 0.42".
std::string verdict(const Json& expectation);

/// The verdicts of the expectations that do not hold.
std::vector<std::string> failed_expectations(const Json& run);

/// What happened to crashed, cut-off and slow nodes, a sentence each: "server 3 crashed at 2 s
/// after step 14". Nothing of runs of versions that did not say.
std::vector<std::string> fates_of_nodes(const Json& run);

}  // namespace byzsim
