#include "core/robustness/window_rules.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/check.h"
#include "core/robustness/cone_rays.h"
#include "core/robustness/honest_sets.h"
#include "core/robustness/nonnegative_fit.h"
#include "core/rules/middle.h"

namespace byzsim {
namespace {

using SortedWeights = std::vector<double>;  // of the sorted values

constexpr std::int64_t kMostPieces = 150'000;
constexpr double kUnlimited = std::numeric_limits<double>::infinity();

// The centre that a rule's window is nearest to, times a whole number that is the weights' sum.
SortedWeights centre_of(const Aggregation& aggregation, std::size_t n) {
  SortedWeights weights(n, 0.0);
  if (aggregation.rule.name == "meamed") {
    const Middle middle = middle_of(aggregation.rule.parameters);
    weights[middle == Middle::upper ? n / 2 : (n - 1) / 2] += 1;
    weights[middle == Middle::lower ? (n - 1) / 2 : n / 2] += 1;
    return weights;
  }
  const auto f = static_cast<std::size_t>(aggregation.f);
  std::fill(weights.begin() + aggregation.f, weights.end() - static_cast<std::ptrdiff_t>(f), 1.0);
  return weights;
}

// Both neighbours of the window are no nearer to the centre than its far end: for the left one,
// 2 centre - left - right end >= 0.
std::vector<SortedWeights> nearest_window(const SortedWeights& centre, std::size_t start,
                                          std::size_t size) {
  double sum = 0;
  for (const double weight : centre) sum += weight;
  std::vector<SortedWeights> conditions;
  const auto add = [&](double sign, std::size_t a, std::size_t b) {
    SortedWeights condition(centre.size());
    for (std::size_t i = 0; i < centre.size(); ++i) condition[i] = sign * 2 * centre[i];
    condition[a] -= sign * sum;
    condition[b] -= sign * sum;
    conditions.push_back(std::move(condition));
  };
  if (start > 0) add(1, start - 1, start + size - 1);
  if (start + size < centre.size()) add(-1, start, start + size);
  return conditions;
}

// No other window is shorter.
std::vector<SortedWeights> shortest_window(std::size_t n, std::size_t start, std::size_t size) {
  std::vector<SortedWeights> conditions;
  for (std::size_t other = 0; other + size <= n; ++other) {
    if (other == start) continue;
    SortedWeights condition(n, 0.0);
    condition[other + size - 1] += 1;
    condition[other] -= 1;
    condition[start + size - 1] -= 1;
    condition[start] += 1;
    conditions.push_back(std::move(condition));
  }
  return conditions;
}

// A condition on values, whose weights have the sum 0, as one on the gaps between them.
SortedWeights on_gaps(const SortedWeights& weights) {
  SortedWeights gaps(weights.size() - 1);
  double above = 0;
  for (std::size_t k = gaps.size(); k-- > 0;) {
    above += weights[k + 1];
    gaps[k] = above;
  }
  return gaps;
}

// The values of each ray, from 0 on, for which the rule takes the window.
std::vector<std::vector<double>> values_of_window(const Aggregation& aggregation, std::size_t n,
                                                  std::size_t start) {
  const std::size_t size = n - static_cast<std::size_t>(aggregation.f);
  std::vector<SortedWeights> conditions =
      aggregation.rule.name == "mda" ? shortest_window(n, start, size)
                                     : nearest_window(centre_of(aggregation, n), start, size);
  for (SortedWeights& each : conditions) each = on_gaps(each);
  std::vector<std::vector<double>> all;
  for (const std::vector<double>& gaps : cone_rays(n - 1, conditions)) {
    std::vector<double> values(1, 0.0);
    for (const double gap : gaps) values.push_back(values.back() + gap);
    all.push_back(std::move(values));
  }
  return all;
}

double mean_over(const std::vector<double>& values, const std::vector<std::size_t>& which) {
  double sum = 0;
  for (const std::size_t i : which) sum += values[i];
  return sum / static_cast<double>(which.size());
}

// The honest values around their mean, by 1/sqrt of their number, and `sign` times the error.
std::vector<double> spread_and_error(const std::vector<double>& values,
                                     const std::vector<std::size_t>& window,
                                     const std::vector<std::size_t>& honest, double sign) {
  const double mean = mean_over(values, honest);
  std::vector<double> column;
  for (const std::size_t i : honest)
    column.push_back((values[i] - mean) / std::sqrt(static_cast<double>(honest.size())));
  column.push_back(sign * (mean_over(values, window) - mean));
  return column;
}

double squared_norm(const std::vector<double>& values, std::size_t count) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += values[i] * values[i];
  return sum;
}

// A vector u with <u, spread> >= error for every ray bounds the error by |u| times the spread. The
// fit's rest gives one, but for rounding, by which it is enlarged.
double dual_bound(const std::vector<std::vector<double>>& columns, std::vector<double> rest) {
  const std::size_t last = rest.size() - 1;
  if (!(rest[last] < 0)) return kUnlimited;
  for (std::size_t i = 0; i < last; ++i) rest[i] /= -rest[last];
  double enlarged = 1;
  for (const std::vector<double>& column : columns) {
    double product = 0;
    for (std::size_t i = 0; i < last; ++i) product += rest[i] * column[i];
    if (column[last] <= 1e-14) continue;
    if (!(product > 0)) return kUnlimited;
    enlarged = std::max(enlarged, column[last] / product);
  }
  return enlarged * enlarged * squared_norm(rest, last);
}

BracketedKappa kappa_of_columns(const std::vector<std::vector<double>>& rays,
                                std::vector<std::vector<double>> columns) {
  std::vector<std::vector<double>> used, of_used;
  for (std::size_t j = 0; j < columns.size(); ++j)
    if (squared_norm(columns[j], columns[j].size()) > 0) {
      used.push_back(std::move(columns[j]));
      of_used.push_back(rays[j]);
    }
  if (used.empty()) return {0, 0, rays[0]};
  std::vector<double> target(used[0].size(), 0.0);
  target.back() = 1;
  const NonnegativeFit fit = nonnegative_fit(used, target);
  const double error = fit.rest.back() + 1;  // of the values that the factors make
  const double variance = squared_norm(fit.rest, fit.rest.size() - 1);
  std::vector<double> values(rays[0].size(), 0.0);
  for (std::size_t j = 0; j < used.size(); ++j)
    for (std::size_t i = 0; i < values.size(); ++i) values[i] += fit.factors[j] * of_used[j][i];
  const double low = !(error > 1e-9) ? 0 : variance < 1e-18 ? kUnlimited : error * error / variance;
  return {low, std::max(low, dual_bound(used, fit.rest)), values};
}

// All sets of `size` of the first n numbers, ascending, in lexicographic order.
std::vector<std::vector<std::size_t>> subsets(std::size_t n, std::size_t size) {
  std::vector<std::vector<std::size_t>> all;
  std::vector<std::size_t> set(size);
  for (std::size_t i = 0; i < size; ++i) set[i] = i;
  while (true) {
    all.push_back(set);
    std::size_t last = size;
    while (last > 0 && set[last - 1] == n - size + last - 1) --last;
    if (last == 0) return all;
    ++set[last - 1];
    for (std::size_t i = last; i < size; ++i) set[i] = set[i - 1] + 1;
  }
}

std::vector<std::size_t> window_from(std::size_t start, std::size_t size) {
  std::vector<std::size_t> window(size);
  for (std::size_t i = 0; i < size; ++i) window[i] = start + i;
  return window;
}

BracketedKappa kappa_of_window(const std::vector<std::vector<double>>& rays,
                               const std::vector<std::size_t>& window,
                               const std::vector<std::size_t>& honest, double sign) {
  std::vector<std::vector<double>> columns;
  for (const std::vector<double>& values : rays)
    columns.push_back(spread_and_error(values, window, honest, sign));
  return kappa_of_columns(rays, std::move(columns));
}

}  // namespace

std::optional<BracketedKappa> window_kappa(const Aggregation& aggregation, std::size_t n) {
  const std::string& rule = aggregation.rule.name;
  const auto f = static_cast<std::size_t>(aggregation.f);
  if (!aggregation.pre.empty() || (rule != "meamed" && rule != "phocas" && rule != "mda"))
    return std::nullopt;
  if (f == 0 || n <= 2 * f ||
      honest_sets(static_cast<std::int64_t>(n), aggregation.f) * (aggregation.f + 1) > kMostPieces)
    return std::nullopt;
  BracketedKappa worst{-1, 0, {}};
  const auto honest_ones = subsets(n, n - f);
  for (std::size_t start = 0; start <= f; ++start) {
    const auto rays = values_of_window(aggregation, n, start);
    const auto window = window_from(start, n - f);
    for (const auto& honest : honest_ones)
      for (const double sign : {1.0, -1.0}) {
        BracketedKappa here = kappa_of_window(rays, window, honest, sign);
        const double high = std::max(worst.high, here.high);
        if (here.low > worst.low) worst = std::move(here);
        worst.high = high;
      }
  }
  return worst;
}

}  // namespace byzsim
