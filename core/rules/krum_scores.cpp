#include "core/rules/krum_scores.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace byzsim {

KrumScores::KrumScores(const DistanceMatrix& distances) : others_(distances.n()) {
  for (std::size_t i = 0; i < distances.n(); ++i) {
    for (std::size_t j = 0; j < distances.n(); ++j)
      if (j != i) others_[i].emplace_back(distances(i, j), j);
    // By distance, then index: equal distances are summed in one order on every machine. Sorted
    // once, and used by every round of Bulyan.
    std::sort(others_[i].begin(), others_[i].end());
  }
}

std::vector<double> KrumScores::sums(std::span<const std::size_t> among, std::size_t neighbours,
                                     bool only_first) const {
  std::vector<char> counts(others_.size());
  for (const std::size_t i : among) counts[i] = 1;
  std::vector<double> scores(others_.size(), 0.0);
  for (const std::size_t i : among) {
    std::size_t left = neighbours;
    for (const auto& [distance, j] : others_[i]) {
      if (left == 0) break;
      if (counts[j]) scores[i] += distance;
      // In the authors' code a neighbour that was excluded keeps its place, and only its distance
      // goes.
      if (counts[j] || only_first) --left;
    }
  }
  return scores;
}

std::vector<double> KrumScores::of(std::span<const std::size_t> among,
                                   std::size_t neighbours) const {
  return sums(among, neighbours, false);
}

std::vector<double> KrumScores::of_first(std::span<const std::size_t> among,
                                         std::size_t neighbours) const {
  return sums(among, neighbours, true);
}

std::vector<double> KrumScores::of_all(std::size_t neighbours) const {
  std::vector<std::size_t> all(others_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return of(all, neighbours);
}

Parameter krum_neighbours() {
  return word("neighbours", {"n-f-2", "n-f-1"},
              "number of nearest neighbours: n-f-2 as published, or n-f-1 as in ByzFL");
}

std::size_t krum_neighbours(const Parameters& parameters, int n, int f) {
  const int neighbours = n - f - (parameters.word("neighbours") == "n-f-2" ? 2 : 1);
  BYZ_CHECK(neighbours >= 0 && neighbours < n, "Krum cannot sum that many neighbours");
  return static_cast<std::size_t>(neighbours);
}

double krum_variance_bound(int n, int f) {
  // Below, the denominator is not positive: nothing is proved.
  if (n < 2 * f + 3) return 0;
  const double all = n, byzantine = f, correct = all - byzantine;
  const double spread =
      byzantine * (all + byzantine * (correct - 2) - 2) / (all - 2 * byzantine - 2);
  return 1 / std::sqrt(2 * (correct + spread));
}

}  // namespace byzsim
