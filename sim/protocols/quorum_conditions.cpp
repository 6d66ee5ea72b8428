// Whether groups satisfy the conditions: the count first, as a quorum in range exists only then.

#include "sim/protocols/quorum_conditions.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/check.h"
#include "core/pre_aggregators/pre_aggregator.h"
#include "core/rules/rule.h"

namespace byzsim {
namespace {

constexpr const char* kUnsafeRemedy = "or set \"unsafe\": true to permit this";

void check_quorum_range(const std::string& protocol, const std::string& where,
                        const GroupCondition& condition, const Group& group, Issues& issues) {
  BYZ_CHECK(group.quorum.has_value(), "conditions are checked of resolved quorums");
  const std::int64_t f = group.byzantine.declared;
  const std::int64_t low = 2 * f + condition.quorum_plus, high = group.count - f;
  // The count holds by now, so that low is at most high.
  const std::string remedy = low == high
                                 ? fmt::format("use {}, {}", low, kUnsafeRemedy)
                                 : fmt::format("use {} to {}, {}", low, high, kUnsafeRemedy);
  if (*group.quorum < low)
    issues.push_back({where + "/quorum",
                      fmt::format("{} needs q >= 2f + {} = {}: {}; here q = {}", protocol,
                                  condition.quorum_plus, low, condition.why_quorum, *group.quorum),
                      remedy});
  if (*group.quorum > high)
    issues.push_back({where + "/quorum",
                      fmt::format("{} needs q <= n - f = {}: the f Byzantine ones may stay silent, "
                                  "and a larger quorum might never complete; "
                                  "here q = {}",
                                  protocol, high, *group.quorum),
                      remedy});
}

}  // namespace

void wait_for_n_minus_f(Scenario& scenario) {
  for (Group* group : {&scenario.servers, &scenario.workers}) {
    BYZ_CHECK(group->byzantine.declared < group->count, "f was checked to leave an honest node");
    if (!group->quorum) group->quorum = group->count - group->byzantine.declared;
  }
}

GroupCondition correct_majority_of_gradients() {
  return {3, 1,
          "a quorum may miss f honest workers and hold f Byzantine ones, and the honest ones in it "
          "must be the majority",
          1, "the honest gradients must be the majority of a quorum"};
}

bool check_count(const std::string& protocol, const std::string& where, const std::string& role,
                 const GroupCondition& condition, const Group& group, Issues& issues) {
  BYZ_CHECK(condition.times_f >= 0 && condition.plus >= 1, "a condition asks for a node");
  const std::int64_t f = group.byzantine.declared;
  const std::int64_t needed = condition.times_f * f + condition.plus;
  if (group.count >= needed) return true;
  issues.push_back(
      {where + "/count",
       fmt::format("{} needs n >= {}f + {} {}: {}; here n = {} and f = {}", protocol,
                   condition.times_f, condition.plus, role, condition.why_count, group.count, f),
       fmt::format("use at least {} {} or declare fewer Byzantine ones, {}", needed, role,
                   kUnsafeRemedy)});
  return false;
}

Offered offered_for_gradients(const Scenario& scenario) {
  const bool holds_examples = scenario.root_examples > 0;
  return {.losses = holds_examples, .reference = holds_examples};
}

bool check_needs_of_rule(const std::string& where, const Group& group, Offered offered,
                         Issues& issues) {
  const auto unmet = unmet_need(aggregation_of(group), offered);
  if (unmet && rules().at(group.aggregator.name).needs_reference)
    issues.push_back({where + "/aggregator", *unmet,
                      "give the servers examples (\"/servers/root_examples\": 100) with a protocol "
                      "such as sgd, where they aggregate gradients, or choose another rule"});
  else if (unmet)
    issues.push_back({where + "/aggregator", *unmet,
                      offered.own && group.pre.empty() ? "choose another rule"
                      : offered.own ? "choose another rule, or leave out what groups vectors"
                                    : "choose another rule, or a protocol whose nodes aggregate "
                                      "their own vector, too: learn, or one on a graph such as "
                                      "gossip"});
  return unmet.has_value();
}

namespace {

std::optional<std::string> problem_of_parameters(const Group& group, bool unsafe) {
  const Rule& rule = rules().at(group.aggregator.name);
  if (rule.problem == nullptr) return std::nullopt;
  return rule.problem(group.aggregator.parameters, *group.quorum, group.byzantine.declared, unsafe);
}

// Whether the quorum has enough vectors for the rule, so that another one would not help.
bool only_parameters_are_wrong(const Group& group, bool unsafe) {
  const Rule& rule = rules().at(group.aggregator.name);
  const std::int64_t n = *group.quorum, f = group.byzantine.declared;
  return group.pre.empty() && rule.computable.holds(n, f) && (unsafe || rule.proven.holds(n, f)) &&
         problem_of_parameters(group, unsafe).has_value();
}

// What a chain that groups vectors hands to the rule.
struct Grouping {
  std::size_t place;  // of the last pre-aggregator that groups
  std::int64_t vectors;
};

// Nothing where the rule is given as many vectors as the quorum has.
std::optional<Grouping> grouping_of(const Group& group) {
  Grouping grouping{0, *group.quorum};
  for (std::size_t i = 0; i < group.pre.size(); ++i) {
    const PreAggregator& entry = pre_aggregators().at(group.pre[i].name);
    if (!entry.computable.holds(grouping.vectors, group.byzantine.declared)) return std::nullopt;
    if (entry.outputs != nullptr)
      grouping = {i, entry.outputs(group.pre[i].parameters, grouping.vectors)};
  }
  if (grouping.vectors == *group.quorum) return std::nullopt;
  return grouping;
}

Issue broken_after_grouping(const std::string& where, const Group& group, const std::string& broken,
                            const Grouping& grouping, bool unsafe) {
  const std::string remedy = fmt::format(
      "group fewer vectors (or leave {}/pre/{} out), raise the quorum", where, grouping.place);
  return {where + "/aggregator",
          fmt::format("{}; the rule receives the {} vectors that {} makes of the {} of the quorum",
                      broken, grouping.vectors, group.pre[grouping.place].name, *group.quorum),
          unsafe ? remedy : fmt::format("{} or declare fewer, {}", remedy, kUnsafeRemedy)};
}

}  // namespace

void check_quorum_and_rule(const std::string& where, const std::string& role, const Group& group,
                           bool unsafe, Issues& issues, Offered offered) {
  const bool reported = std::any_of(issues.begin(), issues.end(), [&](const Issue& issue) {
    return issue.where.rfind(where + "/", 0) == 0;
  });
  BYZ_CHECK(group.quorum.has_value(), "a rule is checked with a resolved quorum");
  // Not even an unsafe run gets past this one.
  if (*group.quorum > group.count) {
    issues.push_back({where + "/quorum",
                      fmt::format("a quorum of {} can never complete: there are {} {}",
                                  *group.quorum, group.count, role),
                      fmt::format("use at most {}", group.count)});
    return;
  }
  if (!unsafe && group.byzantine.actual > group.byzantine.declared)
    issues.push_back({where + "/byzantine/actual",
                      fmt::format("{} {} are Byzantine but only f = {} are declared, and every "
                                  "guarantee assumes at most f",
                                  group.byzantine.actual, role, group.byzantine.declared),
                      fmt::format("declare them, {}", kUnsafeRemedy)});
  if (reported) return;  // what follows from a wrong count would only confuse
  if (check_needs_of_rule(where, group, offered, issues)) return;
  const Rule& rule = rules().at(group.aggregator.name);
  if (*group.quorum > rule.most_vectors) {
    issues.push_back({where + "/quorum",
                      fmt::format("{} takes at most {} vectors, and this quorum has {}",
                                  rule.declaration.name, rule.most_vectors, *group.quorum),
                      "use a smaller quorum or another rule"});
    return;
  }
  const auto broken = broken_condition(aggregation_of(group), *group.quorum, unsafe, offered);
  if (broken && only_parameters_are_wrong(group, unsafe))
    issues.push_back({where + "/aggregator", *broken,
                      problem_of_parameters(group, true)
                          ? "change the rule's parameters, or choose another rule"
                          : fmt::format("change the rule's parameters, {}", kUnsafeRemedy)});
  else if (const auto grouped = grouping_of(group); broken && grouped)
    issues.push_back(broken_after_grouping(where, group, *broken, *grouped, unsafe));
  else if (broken)
    issues.push_back({where + "/aggregator", fmt::format("{}, which is the quorum", *broken),
                      unsafe
                          ? "raise the quorum, or change the rule's parameters"
                          : fmt::format("raise the quorum or declare fewer, {}", kUnsafeRemedy)});
}

void check_group_condition(const std::string& protocol, const std::string& where,
                           const std::string& role, const GroupCondition& condition,
                           const Group& group, Issues& issues) {
  if (check_count(protocol, where, role, condition, group, issues))
    check_quorum_range(protocol, where, condition, group, issues);
}

}  // namespace byzsim
