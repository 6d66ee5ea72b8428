// The conditions on n, f and q under which protocols are proved, as we understand their papers,
// each with the sentence that explains it.
#pragma once

#include "core/input/issue.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// Quorums that the scenario leaves open become n - f: no more need ever answer.
void wait_for_n_minus_f(Scenario& scenario);

/// A published condition on a group of a replicated protocol: n >= times_f f + plus and
/// 2f + quorum_plus <= q <= n - f, with the reasons why.
struct GroupCondition {
  int times_f, plus;
  std::string why_count;
  int quorum_plus;  ///< of q >= 2f + quorum_plus
  std::string why_quorum;
};

/// ByzSGD's condition on workers, shared by all that aggregate gradients robustly: n >= 3f + 1 and
/// q >= 2f + 1.
GroupCondition correct_majority_of_gradients();

/// Whether the count suffices; adds an issue if not.
bool check_count(const std::string& protocol, const std::string& where, const std::string& role,
                 const GroupCondition& condition, const Group& group, Issues& issues);

/// Adds an issue for each condition that a group breaks. `protocol` as users know it.
void check_group_condition(const std::string& protocol, const std::string& where,
                           const std::string& role, const GroupCondition& condition,
                           const Group& group, Issues& issues);

/// What holds for every protocol: a quorum that can complete, an actual count within the declared
/// one, and a rule that accepts (quorum, f).
void check_quorum_and_rule(const std::string& where, const std::string& role, const Group& group,
                           bool unsafe, Issues& issues);

}  // namespace byzsim
