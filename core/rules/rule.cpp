// The table, which plugins may add to before anything runs, and what follows from a rule's declared
// condition and growth.

#include "core/rules/rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace byzsim {

namespace rules_list {
std::vector<Rule> all() {
  return {
#define STRATEGY(name) BYZSIM_MADE_BY(Rule, name),
#include "core/rules/rules.def"
#undef STRATEGY
  };
}
}  // namespace rules_list

namespace {

Table<Rule>& table() {
  static Table<Rule> entries(rules_list::all());
  return entries;
}

}  // namespace

const Table<Rule>& rules() { return table(); }

void add_rule(Rule rule) { table().add(std::move(rule)); }

std::string to_string(Bound bound) {
  const std::string multiple = bound.times_f == 1 ? "f" : fmt::format("{}f", bound.times_f);
  if (bound.times_f == 0) return fmt::format("n >= {}", bound.plus);
  return bound.plus == 0 ? "n >= " + multiple : fmt::format("n >= {} + {}", multiple, bound.plus);
}

std::optional<std::string> unmet_need(const Rule& rule, Offered offered) {
  if (rule.needs_own && !offered.own)
    return fmt::format(
        "{} builds on the receiver's own vector, which is not among those that it "
        "aggregates here",
        rule.declaration.name);
  if (rule.needs_reference && !offered.reference)
    return fmt::format(
        "{} compares with a gradient on examples that the receiver holds itself, and it holds none",
        rule.declaration.name);
  if (rule.needs_losses && !offered.losses)
    return fmt::format("{} compares losses of models, which are not computed here",
                       rule.declaration.name);
  return std::nullopt;
}

std::optional<std::string> problem_of_weights(std::span<const double> weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  if (weights.empty() || (sum > 0 && std::isfinite(sum))) return std::nullopt;
  return sum > 0 ? "sum to more than a double holds"
                 : "sum to 0, and a mean needs a weight above 0";
}

std::optional<std::string> broken_condition(const Rule& rule, std::int64_t n, std::int64_t f,
                                            bool unsafe) {
  // An unsafe run may go beyond what is proved, never beyond what the formula means.
  const Bound& bound = unsafe ? rule.computable : rule.proven;
  if (bound.holds(n, f)) return std::nullopt;
  return fmt::format("{} needs {} vectors: with f = {} at least {}, not {}", rule.declaration.name,
                     to_string(bound), f, bound.least(f), n);
}

double operations(Growth growth, std::size_t n, std::size_t dimension) {
  const auto count = static_cast<double>(n), d = static_cast<double>(dimension);
  switch (growth) {
    case Growth::vectors:
      return count * d;
    case Growth::sorting:
      // ceil(log2(n)), an integer: simulated time must not depend on a library's logarithm.
      return count * d * double(std::bit_width(std::max<std::size_t>(n, 1) - 1));
    case Growth::pairs:
      return count * count * d / 2;
  }
  return 0;
}

}  // namespace byzsim
