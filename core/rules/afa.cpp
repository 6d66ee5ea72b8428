// Vectors that point away from a weighted mean are removed, and every sender's record of kept and
// removed vectors weighs its next ones; who is mostly removed is blocked for good.

#include <algorithm>
#include <cmath>

#include "core/kernels/weighted_mean.h"
#include "core/rules/inner_products.h"
#include "core/rules/selection.h"

namespace byzsim::rules_list {
namespace {

// What is kept of a sender: how often its vector was kept and removed, and whether it is blocked.
constexpr std::size_t kGood = 0, kBad = 1, kBlocked = 2, kValuesOfSender = 3;

// P(p < 1/2) for p of the Beta distribution with whole a and b: that of a + b - 1 tosses of a fair
// coin at least a show heads. Terms are relative to the largest, so that none overflows.
double beta_below_half(std::int64_t a, std::int64_t b) {
  const std::int64_t tosses = a + b - 1, middle = tosses / 2;
  double all = 1, enough = middle >= a ? 1 : 0, term = 1;
  for (std::int64_t heads = middle + 1; heads <= tosses && term > 0; ++heads) {
    term *= double(tosses - heads + 1) / double(heads);
    all += term;
    if (heads >= a) enough += term;
  }
  term = 1;
  for (std::int64_t heads = middle; heads > 0 && term > 0; --heads) {
    term *= double(heads) / double(tosses - heads + 1);
    all += term;
    if (heads - 1 >= a) enough += term;
  }
  return enough / all;
}

// Of the cosines to the weighted mean.
struct CosineSpread {
  double mean = 0, median = 0, deviation = 0;
};

CosineSpread cosine_spread(std::vector<double> cosines) {
  CosineSpread spread;
  for (const double each : cosines) spread.mean += each / double(cosines.size());
  for (const double each : cosines) spread.deviation += (each - spread.mean) * (each - spread.mean);
  if (cosines.size() > 1)
    spread.deviation = std::sqrt(spread.deviation / double(cosines.size() - 1));
  std::sort(cosines.begin(), cosines.end());
  spread.median = (cosines[(cosines.size() - 1) / 2] + cosines[cosines.size() / 2]) / 2;
  return spread;
}

std::vector<double> normalised_scores(const std::vector<std::size_t>& among,
                                      const std::vector<double>& scores) {
  std::vector<double> weights(scores.size(), 0.0);
  double total = 0;
  for (const std::size_t i : among) total += scores[i];
  for (const std::size_t i : among) weights[i] = scores[i] / total;
  return weights;
}

// The cosine of every vector `among` to their weighted mean, in that order; 0 where either is zero.
std::vector<double> cosines_to_mean(const SymmetricMatrix& products,
                                    const std::vector<std::size_t>& among,
                                    const std::vector<double>& weights) {
  std::vector<double> along;
  double square = 0;
  for (const std::size_t i : among) {
    double product = 0;
    for (const std::size_t j : among) product += weights[j] * products(i, j);
    along.push_back(product);
    square += weights[i] * product;
  }
  const double length = std::sqrt(std::max(0.0, square));
  for (std::size_t k = 0; k < among.size(); ++k) {
    const double own = length_of(products, among[k]);
    along[k] = length > 0 && own > 0 ? along[k] / length / own : 0;
  }
  return along;
}

// The vectors that are left once no cosine lies far on the side where the mean of the cosines is
// drawn to by outliers.
std::vector<std::size_t> left_by_afa(const SymmetricMatrix& products,
                                     std::vector<std::size_t> among,
                                     const std::vector<double>& scores,
                                     const Parameters& parameters) {
  double width = parameters.real("width");
  while (!among.empty()) {
    const auto cosines = cosines_to_mean(products, among, normalised_scores(among, scores));
    const CosineSpread spread = cosine_spread(cosines);
    std::vector<std::size_t> left;
    for (std::size_t k = 0; k < among.size(); ++k) {
      const bool far = spread.mean < spread.median
                           ? cosines[k] < spread.median - width * spread.deviation
                           : cosines[k] > spread.median + width * spread.deviation;
      if (!far) left.push_back(among[k]);
    }
    if (left.size() == among.size() || left.empty()) break;
    among = std::move(left);
    width += parameters.real("widening");
  }
  return among;
}

// Adds to the records of the senders that are not blocked, and blocks those with a bad one.
template <class Real>
void remember_afa(const std::vector<Real*>& records, const std::vector<std::size_t>& left,
                  const Parameters& parameters) {
  const std::int64_t start = parameters.integer("start");
  for (std::size_t i = 0; i < records.size(); ++i) {
    Real* record = records[i];
    if (record[kBlocked] != 0) continue;
    ++record[std::binary_search(left.begin(), left.end(), i) ? kGood : kBad];
    const auto a = start + static_cast<std::int64_t>(record[kGood]);
    const auto b = start + static_cast<std::int64_t>(record[kBad]);
    if (beta_below_half(a, b) > parameters.real("certainty")) record[kBlocked] = 1;
  }
}

template <class Real>
void aggregate_afa(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.n() >= 1, "there are no senders without vectors");
  std::vector<Real> fresh(input.vectors.size() * kValuesOfSender);
  std::vector<Real*> records(input.values.begin(), input.values.end());
  for (std::size_t i = records.size(); i < input.vectors.size(); ++i)
    records.push_back(fresh.data() + i * kValuesOfSender);
  const SymmetricMatrix products =
      inner_products<Real>(input.vectors, input.dimension, input.executor);
  std::vector<std::size_t> among = with_finite_length(products);
  std::erase_if(among, [&](std::size_t i) { return records[i][kBlocked] != 0; });
  const double start = double(input.parameters.integer("start"));
  std::vector<double> scores;
  for (const Real* record : records)
    scores.push_back((start + double(record[kGood])) / (start + double(record[kBad])));
  const auto left = left_by_afa(products, among, scores, input.parameters);
  remember_afa(records, left, input.parameters);
  // All are blocked or out of reach.
  if (left.empty()) return mean_of_selected<Real>(input, finite_first(input), out);
  weighted_mean<Real>(input.vectors, normalised_scores(left, scores), input.dimension,
                      input.executor, out);
}

}  // namespace

Rule afa() {
  return {
      .declaration =
          {.name = "afa",
           .summary = "removes vectors by their cosine to the mean weighted by the senders' "
                      "records, blocks senders that are mostly removed; the weighted mean",
           .source = "Munoz-Gonzalez et al., 2019 (AFA), as we understand it from public copies of "
                     "its code, with equal sizes; no bound on f was published: byzsim asks for a "
                     "majority of honest vectors",
           .parameters =
               {real("width", 2, 0, kUnbounded,
                     "removed are cosines farther from the median than this times the standard "
                     "deviation, on the side of their mean"),
                real("widening", 0.25, 0, kUnbounded, "added to the width after each pass"),
                integer("start", 3, 1, 1e6,
                        "a sender is weighed by (start + times kept) / (start + times removed)"),
                real("certainty", 0.95, 0, 1,
                     "a sender is blocked when its share of kept vectors is below a half with more "
                     "than this probability (1: never)")},
           .aliases = {"AFA"}},
      .proven = {2, 1},
      .computable = {0, 1},
      .aggregate_float = aggregate_afa<float>,
      .aggregate_double = aggregate_afa<double>,
      .most_vectors = 1000,
      .growth = Growth::pairs,
      .cost = "n^2 d + n^3",
      .sender_values = kValuesOfSender};
}

}  // namespace byzsim::rules_list
