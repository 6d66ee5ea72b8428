#include <fmt/format.h>

#include <algorithm>

#include "core/rules/krum_scores.h"
#include "core/rules/received_distances.h"
#include "core/rules/selection.h"

namespace byzsim::rules_list {
namespace {

// How many vectors are averaged: at least 1, at most n.
std::size_t averaged(const Parameters& parameters, int n, int f) {
  std::int64_t m = n - f;
  if (!parameters.is_word("m"))
    m = parameters.integer("m");
  else if (parameters.word("m") == "n-f-2")
    m = n - f - 2;
  // n - f - 2 may be 0 in an unsafe run, and a timeout may leave fewer vectors than m.
  return static_cast<std::size_t>(std::clamp<std::int64_t>(m, 1, n));
}

Parameter m_parameter() {
  return integer("m", 1, 1, kMostVectors,
                 "number of averaged vectors: n-f-2 (at least 1) as in AggregaThor, n-f as in "
                 "ByzFL, or a number; above n-f Byzantine vectors are averaged by construction")
      .or_default_word("n-f-2")
      .or_word("n-f");
}

std::optional<std::string> problem_multi_krum(const Parameters& parameters, std::int64_t n,
                                              std::int64_t f, bool unsafe) {
  if (parameters.is_word("m")) return std::nullopt;
  const std::int64_t m = parameters.integer("m");
  // Without a meaning, so that an unsafe scenario does not get past it either.
  if (m > n) return fmt::format("multi_krum cannot average m = {} of {} vectors", m, n);
  if (unsafe || m <= n - f) return std::nullopt;
  return fmt::format(
      "multi_krum needs m <= n - f = {}: of m = {} vectors, {} are Byzantine in the "
      "worst case; n is {}",
      n - f, m, m - (n - f), n);
}

template <class Real>
void aggregate_multi_krum(const RuleInput<Real>& input, Real* out) {
  const std::size_t neighbours = krum_neighbours(input.parameters, input.n(), input.f);
  const std::size_t m = averaged(input.parameters, input.n(), input.f);
  const KrumScores scores(received_distances(input));
  mean_of_selected<Real>(input, least_scored(input, scores.of_all(neighbours), m), out);
}

}  // namespace

Rule multi_krum() {
  return {.declaration = {.name = "multi_krum",
                          .summary = "the mean of the m vectors with the smallest Krum scores",
                          .source = "Blanchard et al., NeurIPS 2017; El-Mhamdi et al., ICML 2018",
                          .parameters = {m_parameter(), krum_neighbours()},
                          .aliases = {"MultiKrum", "Multi-Krum", "mkrum"}},
          .proven = {2, 3},
          .computable = {1, 2},
          .aggregate_float = aggregate_multi_krum<float>,
          .aggregate_double = aggregate_multi_krum<double>,
          .growth = Growth::pairs,
          .cost = "n^2 d",
          .variance_bound = krum_variance_bound,
          .problem = problem_multi_krum};
}

}  // namespace byzsim::rules_list
