// Krum's score, which Multi-Krum and Bulyan rank by too: the sum of the squared distances from a
// vector to its nearest others.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "core/kernels/distances.h"
#include "core/rules/rule.h"

namespace byzsim {

/// Every vector's distances to the others, sorted once: scores among fewer of them cost one walk.
class KrumScores {
 public:
  /// From squared distances; +infinity is allowed, NaN is not.
  explicit KrumScores(const DistanceMatrix& distances);

  /// Scores of the vectors `among` to their nearest others among them, summed smallest first; those
  /// of other vectors are 0. When there are fewer others all of them count.
  std::vector<double> of(std::span<const std::size_t> among, std::size_t neighbours) const;
  /// The same of their nearest others among all vectors, of which only those `among` count.
  std::vector<double> of_first(std::span<const std::size_t> among, std::size_t neighbours) const;
  /// The scores of all vectors, each to its nearest others among all.
  std::vector<double> of_all(std::size_t neighbours) const;

 private:
  std::vector<double> sums(std::span<const std::size_t> among, std::size_t neighbours,
                           bool only_first) const;

  std::vector<std::vector<std::pair<double, std::size_t>>> others_;  // nearest first
};

/// The declared parameter `neighbours` and what it comes to for n vectors.
Parameter krum_neighbours();
/// How many nearest others a score sums, in [0, n): n - f - 2, or n - f - 1 as in ByzFL.
std::size_t krum_neighbours(const Parameters& parameters, int n, int f);

/// The variance-to-norm bound of Krum and its kin; 0 where n < 2f + 3.
double krum_variance_bound(int n, int f);

}  // namespace byzsim
