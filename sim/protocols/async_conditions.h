// What every protocol of an asynchronous trusted server asks of a scenario: `async_sgd` and
// `kardam` (Damaskinos et al., ICML 2018), and `basgd` (Yang and Li, ICML 2021).
#pragma once

#include "core/input/issue.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// One server, which is honest and which every worker hears. `protocol` as users know it.
void check_trusted_server(const std::string& protocol, const Group& servers, Issues& issues);

/// One trusted server; no more Byzantine workers than declared; the quorum of workers that the
/// protocol has resolved to `quorum`, "what that is".
void check_async_conditions(const Scenario& scenario, std::int64_t quorum,
                            const std::string& what_quorum_is, Issues& issues);

/// The same of a server that uses every gradient when it arrives: its quorums are 1.
void resolve_one_at_a_time(Scenario& scenario);
void check_one_at_a_time(const Scenario& scenario, Issues& issues);

}  // namespace byzsim
