#include "core/rule.h"

#include <fmt/format.h>

namespace byzsim {

namespace rules_list {
#define STRATEGY(name) Rule name();
#include "core/rules/rules.def"
#undef STRATEGY
}  // namespace rules_list

const Table<Rule>& rules() {
  static const Table<Rule> table({
#define STRATEGY(name) rules_list::name(),
#include "core/rules/rules.def"
#undef STRATEGY
  });
  return table;
}

std::string to_string(Bound bound) {
  const std::string multiple = bound.times_f == 1 ? "f" : fmt::format("{}f", bound.times_f);
  if (bound.times_f == 0) return fmt::format("n >= {}", bound.plus);
  return bound.plus == 0 ? "n >= " + multiple : fmt::format("n >= {} + {}", multiple, bound.plus);
}

std::optional<std::string> broken_condition(const Rule& rule, std::int64_t n, std::int64_t f,
                                            bool unsafe) {
  const Bound& bound = unsafe ? rule.computable : rule.proven;
  if (bound.holds(n, f)) return std::nullopt;
  return fmt::format("{} needs {} vectors: with f = {} at least {}, not {}", rule.declaration.name,
                     to_string(bound), f, bound.least(f), n);
}

}  // namespace byzsim
