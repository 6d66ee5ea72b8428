#include "sim/scenario/expectation.h"

#include <fmt/format.h>

#include <algorithm>

namespace byzsim {

bool holds(double measured, Relation relation, double value) {
  switch (relation) {
    case Relation::at_least:
      return measured >= value;
    case Relation::at_most:
      return measured <= value;
    case Relation::above:
      return measured > value;
    case Relation::below:
      return measured < value;
    case Relation::equal:
      return measured == value;
  }
  return false;
}

void check_fraction(const std::vector<MetricDescription>& metrics, const std::string& metric,
                    double value, const std::string& where, Issues& issues) {
  const auto meant = std::find_if(metrics.begin(), metrics.end(),
                                  [&](const auto& each) { return each.name == metric; });
  if (meant == metrics.end() || meant->unit != "fraction" || (value >= 0 && value <= 1)) return;
  // Only what could be a percentage is turned into one; no suggestion is better than a wrong
  // one.
  const bool percent = value > 1 && value <= 100;
  issues.push_back({where, metric + " is a fraction in [0, 1]",
                    percent ? fmt::format("did you mean {}?", value / 100) : ""});
}

}  // namespace byzsim
