// The conditions on n, f and q under which protocols are proved, as we understand their papers,
// each with the sentence that explains it.
//
// Why these numbers: a receiver may wait for at most n - f vectors, because f may never come, and
// needs a majority of honest ones among them: n - f >= 2f + 1, that is n >= 3f + 1. The median of
// models needs one more for contraction: with 2f + 1 inputs f Byzantine ones can pin it on the
// smallest or largest honest one (El-Mhamdi et al., PODC 2020: q_ps >= 2f + 2 and n_ps >= 3f + 2,
// q_w >= 2f + 1 and n_w >= 3f + 1).
#pragma once

#include "core/input/issue.h"
#include "core/rules/rule.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// Quorums that the scenario leaves open become n - f: no more need ever answer.
void wait_for_n_minus_f(Scenario& scenario);

/// A published condition on a group of a replicated protocol: n >= times_f f + plus and
/// 2f + quorum_plus <= q <= n - f, with the reasons why. GuanYu has 3, 3 and 3 (arXiv 1905.03853
/// v1).
struct GroupCondition {
  int times_f, plus;
  std::string why_count;
  int quorum_plus;  ///< of q >= 2f + quorum_plus
  std::string why_quorum;
};

/// ByzSGD's condition on workers (El-Mhamdi et al., PODC 2020), shared by all that aggregate
/// gradients robustly: n >= 3f + 1 and q >= 2f + 1.
GroupCondition correct_majority_of_gradients();

/// Whether the count suffices; adds an issue if not.
bool check_count(const std::string& protocol, const std::string& where, const std::string& role,
                 const GroupCondition& condition, const Group& group, Issues& issues);

/// Adds an issue for each condition that a group breaks. `protocol` as users know it.
void check_group_condition(const std::string& protocol, const std::string& where,
                           const std::string& role, const GroupCondition& condition,
                           const Group& group, Issues& issues);

/// What holds for every protocol: a quorum that can complete, an actual count within the declared
/// one, and a rule that accepts (quorum, f) and needs nothing but what receivers offer.
void check_quorum_and_rule(const std::string& where, const std::string& role, const Group& group,
                           bool unsafe, Issues& issues, Offered offered = {});
/// What servers offer a rule for gradients of workers that were computed at their own model.
Offered offered_for_gradients(const Scenario& scenario);
/// Adds an issue where the group's rule needs what receivers do not offer; whether it did.
bool check_needs_of_rule(const std::string& where, const Group& group, Offered offered,
                         Issues& issues);

}  // namespace byzsim
