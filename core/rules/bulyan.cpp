// Selection by Krum's scores, then a mean around the median in every coordinate: the first bounds
// how far a selected vector is, the second what it can do in one coordinate.

#include <algorithm>
#include <numeric>
#include <string>

#include "core/kernels/order_statistics.h"
#include "core/kernels/vector_kernels.h"
#include "core/machine/shards.h"
#include "core/rules/krum_scores.h"
#include "core/rules/middle.h"
#include "core/rules/received_distances.h"
#include "core/rules/selection.h"

namespace byzsim::rules_list {
namespace {

using Indices = std::vector<std::size_t>;

// What the rounds select: each the mean of some vectors. Every round ranks the vectors that are
// left by their scores, takes the mean of the best and takes the very best away.
template <class Real, class Scores>
std::vector<Indices> select_in_rounds(const RuleInput<Real>& input, int rounds, bool means,
                                      const Scores& scores) {
  Indices left(input.vectors.size());
  std::iota(left.begin(), left.end(), std::size_t{0});
  std::vector<Indices> selected;
  for (int round = 0; round < rounds; ++round) {
    const int best = means ? input.n() - round - input.f - 2 : 1;
    selected.push_back(
        least_scored(input, scores(left, round), left, static_cast<std::size_t>(best)));
    // The best alone leaves, whatever was averaged: each round has one vector fewer.
    std::erase(left, selected.back().front());
  }
  return selected;
}

// As Krum would score the vectors that are left, with the same f; or, in the authors' code, by what
// is left of the neighbours that a vector had at first.
template <class Real>
std::vector<Indices> select_bulyan(const RuleInput<Real>& input) {
  const int n = input.n(), f = input.f;
  const std::string& selection = input.parameters.word("selection");
  const bool means = selection != "krum";
  const int rounds = means ? n - 2 * f - 2 : n - 2 * f;
  const KrumScores scores(received_distances(input));
  if (selection == "authors_code")
    return select_in_rounds(input, rounds, means, [&](const Indices& left, int) {
      return scores.of_first(left, static_cast<std::size_t>(n - f - 2));
    });
  return select_in_rounds(input, rounds, means, [&](const Indices& left, int round) {
    // n - round vectors are left, of which any f may still be Byzantine.
    return scores.of(left, static_cast<std::size_t>(std::max(0, n - round - f - 2)));
  });
}

// Of an even number of selected values.
Middle median_of(const Parameters& parameters) {
  if (parameters.word("middle") != "auto") return middle_of(parameters);
  return parameters.word("selection") == "authors_code" ? Middle::upper : Middle::mean;
}

template <class Real>
std::vector<std::vector<const Real*>> rows_at(const RuleInput<Real>& input,
                                              const std::vector<Indices>& selected,
                                              std::size_t offset) {
  std::vector<std::vector<const Real*>> rows;
  for (const Indices& indices : selected) {
    rows.emplace_back();
    for (const std::size_t i : indices) rows.back().push_back(input.vectors[i] + offset);
  }
  return rows;
}

template <class Real>
void aggregate_bulyan(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.f >= 0 && input.n() >= 4 * input.f + 3, "Bulyan needs n >= 4f + 3");
  const std::vector<Indices> selected = select_bulyan(input);
  // n >= 4f + 3 leaves at least one.
  const std::size_t nearest = selected.size() - 2 * static_cast<std::size_t>(input.f);
  const MedianCentre centre{median_of(input.parameters)};
  for_each_shard(input.executor, input.dimension, [&](Shard shard, std::size_t) {
    std::vector<std::vector<Real>> means(selected.size(), std::vector<Real>(shard.size()));
    // Means are made shard by shard, so that they are never in memory as a whole.
    const auto rows = rows_at(input, selected, shard.begin);
    std::vector<const Real*> pointers;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      mean_of<Real>(rows[k], 0, shard.size(), means[k].data());
      pointers.push_back(means[k].data());
    }
    coordinatewise_mean_nearest<Real>(pointers, 0, shard.size(), nearest, centre,
                                      out + shard.begin);
  });
}

}  // namespace

Rule bulyan() {
  return {
      .declaration =
          {.name = "bulyan",
           .summary = "selects vectors by repeated Krum and takes, in every coordinate, the "
                      "mean of their values nearest to the median",
           .source =
               "El-Mhamdi et al., ICML 2018 (selection krum, as we understand it); the code "
               "that its authors published in AggregaThor and Garfield (authors_code); byzsim "
               "(multi_krum: the rounds of that code, but every round computes the scores again)",
           .parameters =
               {word("selection", {"multi_krum", "krum", "authors_code"},
                     "multi_krum: n-2f-2 means of Multi-Krum, of which n-4f-2 values are "
                     "averaged, or krum: n-2f vectors of Krum, of which n-4f are; every round "
                     "excludes the best vectors of the earlier rounds and scores the others "
                     "by their neighbours among them; authors_code: as multi_krum, but a score "
                     "only loses the distances of excluded vectors, and gains no neighbour"),
                word("middle", {"auto", "mean", "lower", "upper"},
                     "median of an even number of selected values: the mean of the two middle "
                     "values, or one of them; auto: upper for authors_code, as there, else "
                     "mean")
                    .omitted_at_default()},
           .aliases = {"Bulyan"}},
      .proven = {4, 3},
      .computable = {4, 3},
      .aggregate_float = aggregate_bulyan<float>,
      .aggregate_double = aggregate_bulyan<double>,
      .growth = Growth::pairs,
      .cost = "n^2 d",
      .variance_bound = krum_variance_bound};
}

}  // namespace byzsim::rules_list
