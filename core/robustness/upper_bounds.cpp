#include "core/robustness/upper_bounds.h"

#include <algorithm>
#include <cmath>

#include "core/input/parameter_reader.h"

namespace byzsim {
namespace {

UpperBound proved(double value, std::string formula) {
  return {value, std::move(formula), "docs/robustness.md", true};
}

bool is_default(const Choice& choice) {
  return choice == default_choice(rules().declarations(), choice.name);
}

// The default of a rule but for one parameter.
bool differs_only_in(const Choice& choice, const char* parameter) {
  Choice plain = default_choice(rules().declarations(), choice.name);
  plain.parameters.set(parameter, choice.parameters.at(parameter));
  return choice == plain;
}

UpperBound kappa_of_median(const std::string& middle, double n, double f) {
  if (middle != "mean" && std::fmod(n, 2) == 0) return proved(n / (n - 2 * f), "n/(n - 2f)");
  return std::fmod(n, 2) == 1 ? proved((n - 1) / (n + 1 - 2 * f), "(n - 1)/(n + 1 - 2f)")
                              : proved((n - 2) / (n + 2 - 2 * f), "(n - 2)/(n + 2 - 2f)");
}

// With q neighbours, f <= q.
UpperBound kappa_of_krum(double h, double q, double f) {
  const double root = 1 + std::sqrt(2 * q / (h - 1));
  return proved(h / (q + 1 - f) * root * root, "h/(q + 1 - f) (1 + sqrt(2q/(h - 1)))^2");
}

// n > 2f.
std::optional<UpperBound> kappa_of_rule(const Choice& rule, double n, double f) {
  const double h = n - f;
  if (rule.name == "median" && differs_only_in(rule, "middle"))
    return kappa_of_median(rule.parameters.word("middle"), n, f);
  if (rule.name == "krum" && differs_only_in(rule, "neighbours")) {
    const double q = rule.parameters.word("neighbours") == "n-f-2" ? h - 2 : h - 1;
    return q >= f && h > 1 ? std::optional(kappa_of_krum(h, q, f)) : std::nullopt;
  }
  if (!is_default(rule)) return std::nullopt;
  if (rule.name == "trimmed_mean") return proved(f / (n - 2 * f), "f/(n - 2f)");
  if (rule.name == "mda") return proved(8 * f * f / h, "8f^2/(n - f)");
  return std::nullopt;
}

std::optional<UpperBound> lambda_of_rule(const std::string& rule, double n, double f,
                                         double dimension) {
  if (rule == "mda") return proved(2 * f / (n - f), "2f/(n - f)");
  if (rule == "trimmed_mean" && dimension == 1) return proved(f / (n - f), "f/(n - f)");
  if (rule == "trimmed_mean")
    return UpperBound{f / (n - f) * std::min(2 * std::sqrt(dimension), std::sqrt(n - f)),
                      "f/(n - f) min(2 sqrt(d), sqrt(n - f))",
                      "Farhadkhani et al., ICML 2022, arXiv 2205.12173", false};
  return std::nullopt;
}

}  // namespace

std::optional<UpperBound> upper_bound(const Aggregation& aggregation, std::size_t vectors,
                                      std::size_t dimension, Coefficient coefficient) {
  const auto n = static_cast<double>(vectors), f = static_cast<double>(aggregation.f);
  if (n <= 2 * f) return std::nullopt;
  if (coefficient == Coefficient::lambda)
    return aggregation.pre.empty() && is_default(aggregation.rule)
               ? lambda_of_rule(aggregation.rule.name, n, f, static_cast<double>(dimension))
               : std::nullopt;
  auto bound = kappa_of_rule(aggregation.rule, n, f);
  if (!bound || aggregation.pre.empty()) return bound;
  if (aggregation.pre.size() > 1 || aggregation.pre[0].name != "nnm") return std::nullopt;
  bound->value = 8 * f / (n - f) * (bound->value + 1);
  bound->formula = "8f/(n - f) (1 + " + bound->formula + ")";
  return bound;
}

}  // namespace byzsim
