#include "core/robustness/published_bounds.h"

#include <algorithm>
#include <cmath>

#include "core/input/parameter_reader.h"

namespace byzsim {
namespace {

constexpr const char* kNnmPaper = "Allouah et al., AISTATS 2023, arXiv 2302.01772";
constexpr const char* kResamPaper = "Farhadkhani et al., ICML 2022, arXiv 2205.12173";

// The recalled 6 (1 + f/(n - 2f)) is about n - f - 1 neighbours; the default has n - f - 2.
std::optional<PublishedBound> kappa_of_krum(double n, double f) {
  if (n < 2 * f + 3) return std::nullopt;
  const double root = 1 + std::sqrt(2 * (n - f - 2) / (n - f - 1));
  return PublishedBound{(n - f) / (n - 2 * f - 1) * root * root,
                        "(n - f)/(n - 2f - 1) (1 + sqrt(2(n - f - 2)/(n - f - 1)))^2",
                        "proved in docs/robustness.md", false};
}

std::optional<PublishedBound> kappa_of_rule(const std::string& rule, double n, double f) {
  const double ratio = f / (n - 2 * f);
  const auto bound = [](double value, const char* formula) {
    return PublishedBound{value, formula, kNnmPaper, true};
  };
  if (rule == "trimmed_mean")
    return bound(6 * ratio * (1 + ratio), "6 f/(n - 2f) (1 + f/(n - 2f))");
  if (rule == "median") return bound(4 * (1 + ratio) * (1 + ratio), "4 (1 + f/(n - 2f))^2");
  if (rule == "krum") return kappa_of_krum(n, f);
  return std::nullopt;
}

std::optional<PublishedBound> lambda_of_rule(const std::string& rule, double n, double f,
                                             double dimension) {
  if (rule == "mda") return PublishedBound{2 * f / (n - f), "2f/(n - f)", kResamPaper, true};
  if (rule == "trimmed_mean")
    return PublishedBound{f / (n - f) * std::min(2 * std::sqrt(dimension), std::sqrt(n - f)),
                          "f/(n - f) min(2 sqrt(d), sqrt(n - f))", kResamPaper, true};
  return std::nullopt;
}

}  // namespace

std::optional<PublishedBound> published_bound(const Aggregation& aggregation, std::size_t vectors,
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
  // The factor of NNM is recalled, wherever the rule's own bound comes from.
  bound->source = kNnmPaper;
  bound->recalled = true;
  return bound;
}

}  // namespace byzsim
