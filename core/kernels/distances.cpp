// Shards in parallel, folded in order, and a second look at what floats could not hold.

#include "core/kernels/distances.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>

#include "core/check.h"
#include "core/kernels/distance_tiles.h"
#include "core/kernels/vector_kernels.h"
#include "core/machine/shards.h"

namespace byzsim {
namespace {

// Partial sums kept at once (8 MiB). Shards fold in index order whatever this is.
constexpr std::size_t kSlots = std::size_t{1} << 20;

// Below this mean square of a difference, squares of floats may have left the range of float.
constexpr double kLeastMeanSquare = 1e-30;

// One pair's squared distance with every operation in double, shard by shard; b may be null.
template <class Real>
double slow_squared_distance(const Real* a, const Real* b, std::size_t dimension) {
  double total = 0;
  for (std::size_t index = 0; index < shard_count(dimension); ++index) {
    const Shard shard = shard_at(dimension, index);
    total += b == nullptr ? squared_norm(a + shard.begin, shard.size())
                          : squared_distance(a + shard.begin, b + shard.begin, shard.size());
  }
  return total;
}

// Sums of squares taken in float may have overflown or vanished: such pairs are summed again. That
// depends on the values alone.
class Mender {
 public:
  Mender(std::span<const float* const> vectors, std::size_t dimension)
      : vectors_(vectors), dimension_(dimension), finite_(vectors.size(), true) {}
  /// To be called when a sum is not finite: only then vectors are looked at.
  void look_at_vectors(const Executor& executor) {
    executor.for_each(vectors_.size(), [&](std::size_t i) {
      finite_[i] = vectors_[i] == nullptr || all_finite(vectors_[i], dimension_);
    });
  }
  double mended(double total, std::size_t i, std::size_t j) const {
    const double least = kLeastMeanSquare * static_cast<double>(dimension_);
    if (total >= least && std::isfinite(total)) return total;
    // Of a vector that is not finite no sum is: there is nothing to mend.
    if (!std::isfinite(total) && !(finite_[i] && finite_[j])) return total;
    // A sum near 0 is most often that of equal vectors, which a comparison of bytes tells sooner.
    const bool equal = vectors_[j] != nullptr &&
                       std::memcmp(vectors_[i], vectors_[j], dimension_ * sizeof(float)) == 0;
    return equal ? 0 : slow_squared_distance(vectors_[i], vectors_[j], dimension_);
  }

 private:
  std::span<const float* const> vectors_;
  std::size_t dimension_;
  std::vector<char> finite_;
};

bool all_are_finite(const std::vector<double>& totals) {
  return std::all_of(totals.begin(), totals.end(),
                     [](double total) { return std::isfinite(total); });
}

void mend_totals(std::span<const float* const> vectors, std::size_t dimension,
                 const Executor& executor, std::vector<double>& totals) {
  const std::size_t n = vectors.size();
  Mender mender(vectors, dimension);
  if (!all_are_finite(totals)) mender.look_at_vectors(executor);
  executor.for_each(n, [&](std::size_t i) {
    // Where the pairs of i with later vectors begin.
    double* total = totals.data() + i * (2 * n - i - 1) / 2;
    for (std::size_t j = i + 1; j < n; ++j, ++total) *total = mender.mended(*total, i, j);
  });
}

// Doubles were summed in double.
void mend_totals(std::span<const double* const>, std::size_t, const Executor&,
                 std::vector<double>&) {}

// A NaN would have no place in an order of distances.
double finite_or_infinite(double total) {
  return std::isfinite(total) ? total : std::numeric_limits<double>::infinity();
}

DistanceMatrix as_matrix(std::size_t n, const std::vector<double>& totals) {
  DistanceMatrix matrix(n);
  auto total = totals.begin();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j, ++total) matrix.set(i, j, finite_or_infinite(*total));
  return matrix;
}

// The sums of `count` numbers that `add` writes for each shard, folded in the order of the shards.
template <class Write>
std::vector<double> sums_of_shards(std::size_t dimension, std::size_t count,
                                   const Executor& executor, const Write& write) {
  const std::size_t shards = shard_count(dimension);
  const std::size_t group =
      // At least 16 shards at once, so that threads have work whatever the number of pairs.
      std::min(shards, std::max<std::size_t>(16, kSlots / std::max<std::size_t>(1, count)));
  std::vector<double> totals(count, 0.0), partials(count * group);
  for (std::size_t first = 0; first < shards; first += group) {
    const std::size_t taken = std::min(group, shards - first);
    executor.for_each(taken, [&](std::size_t index) {
      write(shard_at(dimension, first + index), partials.data() + index * count);
    });
    for (std::size_t index = 0; index < taken; ++index)
      for (std::size_t k = 0; k < count; ++k) totals[k] += partials[index * count + k];
  }
  return totals;
}

// The vectors whose distances to vector `row` are unknown, ascending.
std::vector<std::size_t> unknown_from(const DistanceMatrix& known, std::size_t row) {
  std::vector<std::size_t> others;
  for (std::size_t j = 0; j < known.n(); ++j)
    if (std::isnan(known(row, j))) others.push_back(j);
  return others;
}

// Few vectors, ascending, of which one is in every pair that is unknown: those with most of them
// first.
std::vector<std::size_t> ends_of_unknown(const DistanceMatrix& known) {
  const std::size_t n = known.n();
  std::vector<std::size_t> counts, ends;
  for (std::size_t i = 0; i < n; ++i) counts.push_back(unknown_from(known, i).size());
  while (true) {
    const auto most = std::max_element(counts.begin(), counts.end());
    if (most == counts.end() || *most == 0) break;
    const auto end = static_cast<std::size_t>(most - counts.begin());
    for (std::size_t j = 0; j < n; ++j)
      if (std::isnan(known(end, j)) && counts[j] > 0) --counts[j];
    counts[end] = 0;
    ends.push_back(end);
  }
  std::sort(ends.begin(), ends.end());
  return ends;
}

// All pairs of a row and a column.
struct Rectangle {
  std::vector<std::size_t> rows;
  std::vector<std::size_t> columns;
};

// Rectangles that hold every unknown pair: vectors that lack the distances to the same others are
// rows of one. Quorums overlap, so that there are few kinds of vectors.
std::vector<Rectangle> unknown_rectangles(const DistanceMatrix& known) {
  std::vector<Rectangle> rectangles;
  // Of vectors that also lack each other's, what they lack is equal only with themselves in it.
  std::map<std::vector<std::size_t>, std::size_t> by_others, by_all;
  for (const std::size_t end : ends_of_unknown(known)) {
    const std::vector<std::size_t> others = unknown_from(known, end);
    std::vector<std::size_t> all = others;
    all.insert(std::lower_bound(all.begin(), all.end(), end), end);
    const std::size_t next = rectangles.size();
    const auto among_others = by_others.find(others);
    const std::size_t index = among_others != by_others.end()
                                  ? among_others->second
                                  : by_all.try_emplace(all, next).first->second;
    if (index == next) {
      by_others.emplace(others, next);
      rectangles.push_back({{}, all});
    }
    rectangles[index].rows.push_back(end);
  }
  return rectangles;
}

std::size_t pairs_of(const std::vector<Rectangle>& rectangles) {
  std::size_t pairs = 0;
  for (const Rectangle& each : rectangles) pairs += each.rows.size() * each.columns.size();
  return pairs;
}

std::vector<const float*> chosen(std::span<const float* const> vectors,
                                 const std::vector<std::size_t>& indices) {
  std::vector<const float*> some;
  for (const std::size_t index : indices) some.push_back(vectors[index]);
  return some;
}

// Sets the distances of a rectangle's pairs, but for those that are known.
void complete_rectangle(std::span<const float* const> vectors, std::size_t dimension,
                        const Executor& executor, const Rectangle& rectangle,
                        DistanceMatrix& known) {
  const std::vector<const float*> rows = chosen(vectors, rectangle.rows);
  const std::vector<const float*> columns = chosen(vectors, rectangle.columns);
  const std::vector<double> totals = sums_of_shards(
      dimension, rows.size() * columns.size(), executor, [&](Shard shard, double* sums) {
        tiled_squared_distances_between(std::span<const float* const>(rows),
                                        std::span<const float* const>(columns), shard, sums);
      });
  Mender mender(vectors, dimension);
  if (!all_are_finite(totals)) mender.look_at_vectors(executor);
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const std::size_t i = std::min(rectangle.rows[r], rectangle.columns[k]);
      const std::size_t j = std::max(rectangle.rows[r], rectangle.columns[k]);
      if (std::isnan(known(i, j)))
        known.set(i, j, finite_or_infinite(mender.mended(totals[r * columns.size() + k], i, j)));
    }
}

}  // namespace

template <class Real>
DistanceMatrix squared_distances(std::span<const Real* const> vectors, std::size_t dimension,
                                 const Executor& executor) {
  const std::size_t n = vectors.size();
  const std::size_t pairs = n < 2 ? 0 : n * (n - 1) / 2;
  std::vector<double> totals = sums_of_shards(
      dimension, pairs, executor,
      [&](Shard shard, double* sums) { tiled_squared_distances(vectors, shard, sums); });
  mend_totals(vectors, dimension, executor, totals);
  return as_matrix(n, totals);
}

void complete_distances(std::span<const float* const> vectors, std::size_t dimension,
                        const Executor& executor, DistanceMatrix& known) {
  BYZ_CHECK(known.n() == vectors.size(), "a matrix of distances has a row of every vector");
  const std::vector<Rectangle> rectangles = unknown_rectangles(known);
  // Half of all pairs, each once, are fewer than rectangles of as many pairs.
  if (2 * pairs_of(rectangles) >= known.n() * (known.n() - 1) && !rectangles.empty()) {
    known = squared_distances(vectors, dimension, executor);
    return;
  }
  for (const Rectangle& each : rectangles)
    complete_rectangle(vectors, dimension, executor, each, known);
}

template DistanceMatrix squared_distances(std::span<const float* const>, std::size_t,
                                          const Executor&);
template DistanceMatrix squared_distances(std::span<const double* const>, std::size_t,
                                          const Executor&);

}  // namespace byzsim
