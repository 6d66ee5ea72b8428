// What workers send by /workers/compressor and /workers/algorithm, as far as their protocol allows.
#pragma once

#include "core/input/issue.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// Whether workers make what they send by an algorithm other than the gradient itself.
inline bool follows_algorithm(const Scenario& scenario) {
  return !scenario.algorithm.name.empty() && scenario.algorithm.name != "none";
}

/// Adds an issue for each of both that the protocol does not follow, or that does not fit quorums,
/// local steps or momentum.
void check_compression(const Scenario& scenario, const ProtocolConditions& protocol,
                       Issues& issues);

}  // namespace byzsim
