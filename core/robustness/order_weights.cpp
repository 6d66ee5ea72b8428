#include "core/robustness/order_weights.h"

#include <algorithm>
#include <limits>

#include "core/check.h"
#include "core/rules/middle.h"

namespace byzsim {
namespace {

std::vector<double> weights_of_median(std::size_t n, Middle middle) {
  std::vector<double> weights(n, 0.0);
  const std::size_t upper = n / 2, lower = (n - 1) / 2;
  weights[middle == Middle::upper ? upper : lower] += 0.5;
  weights[middle == Middle::lower ? lower : upper] += 0.5;
  return weights;
}

std::vector<double> weights_of_trimming(std::size_t n, std::size_t trim) {
  BYZ_CHECK(n > 2 * trim, "trimming must leave a value");
  std::vector<double> weights(n, 0.0);
  for (std::size_t i = trim; i < n - trim; ++i) weights[i] = 1 / static_cast<double>(n - 2 * trim);
  return weights;
}

// Where every Byzantine value is above the honest ones; nothing where the rule then follows them.
std::optional<std::vector<double>> weights_below(const std::vector<double>& weights,
                                                 std::size_t f) {
  BYZ_CHECK(f < weights.size(), "some values are honest");
  const auto end = weights.end() - static_cast<std::ptrdiff_t>(f);
  if (std::any_of(end, weights.end(), [](double weight) { return weight != 0; }))
    return std::nullopt;
  return std::vector<double>(weights.begin(), end);
}

double upward_kappa(const std::vector<double>& weights, std::size_t f) {
  const auto honest = weights_below(weights, f);
  if (!honest) return std::numeric_limits<double>::infinity();
  const auto size = static_cast<double>(honest->size());
  double squares = 0;
  for (const double weight : isotonic(*honest))
    squares += (weight - 1 / size) * (weight - 1 / size);
  return size * squares;
}

// The worst ascending values with the diameter 1 are 0 up to some place and 1 after it.
double upward_lambda(const std::vector<double>& weights, std::size_t f) {
  const auto honest = weights_below(weights, f);
  if (!honest) return std::numeric_limits<double>::infinity();
  const auto size = static_cast<double>(honest->size());
  double worst = 0, above = 0;
  for (std::size_t count = 1; count < honest->size(); ++count) {
    above += (*honest)[honest->size() - count];
    worst = std::max(worst, above - static_cast<double>(count) / size);
  }
  return worst;
}

double of_both_directions(double (*upward)(const std::vector<double>&, std::size_t),
                          const std::vector<double>& weights, std::size_t f) {
  return std::max(upward(weights, f), upward({weights.rbegin(), weights.rend()}, f));
}

}  // namespace

std::optional<std::vector<double>> order_weights(const Aggregation& aggregation, std::size_t n) {
  if (!aggregation.pre.empty()) return std::nullopt;
  const Choice& rule = aggregation.rule;
  if (rule.name == "average") return weights_of_trimming(n, 0);
  if (rule.name == "median") return weights_of_median(n, middle_of(rule.parameters));
  if (rule.name == "trimmed_mean")
    return weights_of_trimming(n, static_cast<std::size_t>(aggregation.f));
  return std::nullopt;
}

std::vector<double> isotonic(const std::vector<double>& values) {
  struct Block {
    double sum;
    std::size_t count;
    double mean() const { return sum / static_cast<double>(count); }
  };
  std::vector<Block> blocks;
  for (const double value : values) {
    blocks.push_back({value, 1});
    while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() > blocks.back().mean()) {
      const Block last = blocks.back();
      blocks.pop_back();
      blocks.back() = {blocks.back().sum + last.sum, blocks.back().count + last.count};
    }
  }
  std::vector<double> ascending;
  for (const Block& block : blocks) ascending.insert(ascending.end(), block.count, block.mean());
  return ascending;
}

double exact_kappa(const std::vector<double>& weights, std::size_t f) {
  return of_both_directions(upward_kappa, weights, f);
}

double exact_lambda(const std::vector<double>& weights, std::size_t f) {
  return of_both_directions(upward_lambda, weights, f);
}

double least_kappa(std::size_t n, std::size_t f) {
  BYZ_CHECK(n > 2 * f, "fewer than half of the vectors are Byzantine");
  return static_cast<double>(f) / static_cast<double>(n - 2 * f);
}

}  // namespace byzsim
