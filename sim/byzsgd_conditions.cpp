#include "sim/byzsgd_conditions.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/rule.h"

namespace byzsim {
namespace {

constexpr const char* kUnsafeRemedy = "or set \"unsafe\": true to go beyond it on purpose";

// One group's condition n >= 3 f + plus, and why.
struct CountCondition {
  std::string where;
  std::string role;
  int plus;
  std::string reason;
};

// Whether the count suffices.
bool check_count(const CountCondition& condition, const Group& group, Issues& issues) {
  const std::int64_t f = group.byzantine.declared;
  const std::int64_t needed = 3 * f + condition.plus;
  if (group.count >= needed) return true;
  issues.push_back({condition.where + "/count",
                    fmt::format("ByzSGD needs n >= 3f + {} {}: {}; here n = {} and f = {}",
                                condition.plus, condition.role, condition.reason, group.count, f),
                    fmt::format("use at least {} {} or declare fewer Byzantine ones, {}", needed,
                                condition.role, kUnsafeRemedy)});
  return false;
}

void check_quorum_range(const std::string& where, const std::string& why_low, int low_plus,
                        const Group& group, Issues& issues) {
  const std::int64_t f = group.byzantine.declared;
  const std::int64_t low = 2 * f + low_plus, high = group.count - f;
  const std::string remedy = low == high
                                 ? fmt::format("use {}, {}", low, kUnsafeRemedy)
                                 : fmt::format("use {} to {}, {}", low, high, kUnsafeRemedy);
  if (*group.quorum < low)
    issues.push_back({where + "/quorum",
                      fmt::format("ByzSGD needs q >= 2f + {} = {}: {}; here q = {}", low_plus, low,
                                  why_low, *group.quorum),
                      remedy});
  if (*group.quorum > high)
    issues.push_back({where + "/quorum",
                      fmt::format("ByzSGD needs q <= n - f = {}: the f Byzantine ones may stay "
                                  "silent, and a larger quorum would wait for them for ever; "
                                  "here q = {}",
                                  high, *group.quorum),
                      remedy});
}

}  // namespace

void check_quorum_and_rule(const std::string& where, const std::string& role, const Group& group,
                           bool unsafe, Issues& issues) {
  const bool reported = std::any_of(issues.begin(), issues.end(), [&](const Issue& issue) {
    return issue.where.rfind(where + "/", 0) == 0;
  });
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
                                  "guarantee is about at most f",
                                  group.byzantine.actual, role, group.byzantine.declared),
                      fmt::format("declare them, {}", kUnsafeRemedy)});
  if (reported) return;  // what follows from a wrong count would only confuse
  const Rule& rule = rules().at(group.aggregator.name);
  if (*group.quorum > rule.most_vectors) {
    issues.push_back({where + "/quorum",
                      fmt::format("{} takes at most {} vectors, and this quorum has {}",
                                  rule.declaration.name, rule.most_vectors, *group.quorum),
                      "use a smaller quorum or another rule"});
    return;
  }
  if (const auto broken = broken_condition(aggregation_of(group), *group.quorum, unsafe))
    issues.push_back({where + "/aggregator", fmt::format("{}, which is the quorum", *broken),
                      unsafe
                          ? "raise the quorum"
                          : fmt::format("raise the quorum or declare fewer, {}", kUnsafeRemedy)});
}

void check_byzsgd_conditions(const Scenario& scenario, Issues& issues) {
  if (!scenario.unsafe) {
    if (check_count({"/servers", "servers", 2,
                     "a quorum may miss f correct servers and hold f Byzantine ones, and the "
                     "median contracts only with f + 2 correct ones in it"},
                    scenario.servers, issues))
      check_quorum_range("/servers",
                         "with fewer, f Byzantine values can pin the median on the smallest or "
                         "largest correct one",
                         2, scenario.servers, issues);
    if (check_count({"/workers", "workers", 1,
                     "a quorum may miss f correct workers and hold f Byzantine ones, and the "
                     "correct ones in it must be the majority"},
                    scenario.workers, issues))
      check_quorum_range("/workers", "the correct gradients must be the majority of a quorum", 1,
                         scenario.workers, issues);
  }
  check_quorum_and_rule("/servers", "servers", scenario.servers, scenario.unsafe, issues);
  check_quorum_and_rule("/workers", "workers", scenario.workers, scenario.unsafe, issues);
}

}  // namespace byzsim
