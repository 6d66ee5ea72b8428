// The conditions on n, f and q under which ByzSGD is proved, as we understand the paper (PODC 2020
// and the journal version), each with the sentence that explains it.
#pragma once

#include "core/issue.h"
#include "sim/scenario.h"

namespace byzsim {

/// Counts, quorums and rules of asynchronous ByzSGD. With scenario.unsafe only what could never
/// complete or be computed is an issue.
void check_byzsgd_conditions(const Scenario& scenario, Issues& issues);

/// What holds for every protocol: a quorum that can complete, an actual count within the declared
/// one, and a rule that accepts (quorum, f).
void check_quorum_and_rule(const std::string& where, const std::string& role, const Group& group,
                           bool unsafe, Issues& issues);

}  // namespace byzsim
