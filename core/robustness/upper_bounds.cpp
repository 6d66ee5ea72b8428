#include "core/robustness/upper_bounds.h"

#include <algorithm>
#include <cmath>

#include "core/input/parameter_reader.h"

namespace byzsim {
namespace {

UpperBound proved(double value, std::string formula) {
  return {value, std::move(formula), "docs/robustness.md", true};
}

// n > 2f.
std::optional<UpperBound> kappa_of_rule(const std::string& rule, double n, double f) {
  const double h = n - f;
  if (rule == "trimmed_mean") return proved(f / (n - 2 * f), "f/(n - 2f)");
  if (rule == "median")
    return std::fmod(n, 2) == 1 ? proved((n - 1) / (n + 1 - 2 * f), "(n - 1)/(n + 1 - 2f)")
                                : proved((n - 2) / (n + 2 - 2 * f), "(n - 2)/(n + 2 - 2f)");
  if (rule == "mda") return proved(8 * f * f / h, "8f^2/(n - f)");
  if (rule == "krum" && n > 2 * f + 1) {
    const double root = 1 + std::sqrt(2 * (h - 2) / (h - 1));
    return proved(h / (n - 2 * f - 1) * root * root,
                  "(n - f)/(n - 2f - 1) (1 + sqrt(2(n - f - 2)/(n - f - 1)))^2");
  }
  return std::nullopt;
}

std::optional<UpperBound> lambda_of_rule(const std::string& rule, double n, double f,
                                         double dimension) {
  if (rule == "mda") return proved(2 * f / (n - f), "2f/(n - f)");
  if (rule == "trimmed_mean")
    return UpperBound{f / (n - f) * std::min(2 * std::sqrt(dimension), std::sqrt(n - f)),
                      "f/(n - f) min(2 sqrt(d), sqrt(n - f))",
                      "Farhadkhani et al., ICML 2022, arXiv 2205.12173", false};
  return std::nullopt;
}

}  // namespace

std::optional<UpperBound> upper_bound(const Aggregation& aggregation, std::size_t vectors,
                                      std::size_t dimension, Coefficient coefficient) {
  const std::string& rule = aggregation.rule.name;
  const auto n = static_cast<double>(vectors), f = static_cast<double>(aggregation.f);
  if (n <= 2 * f || !(aggregation.rule == default_choice(rules().declarations(), rule)))
    return std::nullopt;
  if (coefficient == Coefficient::lambda)
    return aggregation.pre.empty() ? lambda_of_rule(rule, n, f, static_cast<double>(dimension))
                                   : std::nullopt;
  auto bound = kappa_of_rule(rule, n, f);
  if (!bound || aggregation.pre.empty()) return bound;
  if (aggregation.pre.size() > 1 || aggregation.pre[0].name != "nnm") return std::nullopt;
  bound->value = 8 * f / (n - f) * (bound->value + 1);
  bound->formula = "8f/(n - f) (1 + " + bound->formula + ")";
  return bound;
}

}  // namespace byzsim
