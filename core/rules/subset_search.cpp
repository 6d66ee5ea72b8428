// Branch and bound: a further vector only adds to the scatter, so its largest eigenvalue never
// falls, and what a few vectors spread bounds every subset that holds them from below. Whether that
// eigenvalue exceeds a limit is asked of a Cholesky factor that grows by a row with each vector;
// eigenvalues proper are computed for whole subsets alone.
#include "core/rules/subset_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "core/check.h"

namespace byzsim {
namespace {

using Subset = std::vector<std::size_t>;

// Rounding carries a factor's limit no farther than this from where it should be.
constexpr double kRounding = 1 + 1e-9;

// From products: exact enough for an order of candidates, which changes no result.
double squared_distance(const SymmetricMatrix& products, std::size_t i, std::size_t j) {
  return products(i, i) - 2 * products(i, j) + products(j, j);
}

// Inner products of the members as seen from their mean.
SymmetricMatrix centred(const SymmetricMatrix& products, std::span<const std::size_t> subset) {
  const std::size_t count = subset.size();
  std::vector<double> means(count, 0.0);
  double mean = 0;
  for (std::size_t a = 0; a < count; ++a) {
    for (const std::size_t j : subset) means[a] += products(subset[a], j);
    means[a] /= static_cast<double>(count);
    mean += means[a] / static_cast<double>(count);
  }
  SymmetricMatrix scatter(count);
  for (std::size_t a = 0; a < count; ++a)
    for (std::size_t b = a; b < count; ++b)
      scatter.set(a, b, products(subset[a], subset[b]) - means[a] - means[b] + mean);
  return scatter;
}

// Vectors x_0, x_1, ... with the question whether the largest eigenvalue of their scatter exceeds a
// limit. The scatter is the sum of the z_k z_k', z_k = sqrt(k / (k + 1)) (x_k - the mean of those
// before), so its eigenvalues are those of the matrix G of the inner products of the z_k, and it
// exceeds the limit when limit I - G has no Cholesky factor.
class BoundedScatter {
 public:
  BoundedScatter(const SymmetricMatrix& products, std::size_t most)
      : products_(products), most_(most), factor_(most * most), sums_((most + 1) * products.n()) {}

  const Subset& vectors() const { return vectors_; }

  // Adds a vector; false, and nothing is added, when the eigenvalue exceeds the limit. The limit
  // may fall from call to call: earlier ones then count for earlier vectors.
  bool push(std::size_t vector, double limit) {
    const std::size_t k = vectors_.size();
    // One vector alone has no scatter.
    if (k > 0 && !add_row(k, vector, limit)) return false;
    vectors_.push_back(vector);
    const double* const before = sums_.data() + k * products_.n();
    for (std::size_t i = 0; i < products_.n(); ++i)
      sums_[(k + 1) * products_.n() + i] = before[i] + products_(vector, i);
    return true;
  }
  void pop() { vectors_.pop_back(); }

 private:
  // The k-th row of the factor; columns lie side by side. Row 0 is empty.
  bool add_row(std::size_t k, std::size_t vector, double limit) {
    const double* const sums = sums_.data() + k * products_.n();  // of products with x_0 ... x_k-1
    const double count = static_cast<double>(k), scale = std::sqrt(count / (count + 1));
    double before = 0, all = 0;
    for (std::size_t i = 0; i < k; ++i) {
      const double along = products_(vector, vectors_[i]) - sums[vectors_[i]] / count;
      const double size = static_cast<double>(std::max<std::size_t>(i, 1));
      // An entry of limit I - G: minus the inner product with z_i, from sums of products alone.
      row_[i] = -scale * std::sqrt(size / (size + 1)) * (along - before / size);
      before += along;
      all += sums[vectors_[i]];
    }
    const double length = products_(vector, vector) - (2 * sums[vector] - all / count) / count;
    double pivot = limit - scale * scale * length;
    for (std::size_t j = 1; j < k; ++j) {
      const double* const column = factor_.data() + j * most_;
      const double entry = row_[j] / column[j];
      for (std::size_t i = j + 1; i < k; ++i) row_[i] -= entry * column[i];
      row_[j] = entry;
      pivot -= entry * entry;
    }
    // Written so that a NaN counts as too much.
    if (!(pivot > 0)) return false;
    for (std::size_t j = 1; j < k; ++j) factor_[j * most_ + k] = row_[j];
    factor_[k * most_ + k] = std::sqrt(pivot);
    return true;
  }

  const SymmetricMatrix& products_;
  std::size_t most_;
  Subset vectors_;
  std::vector<double> factor_;
  std::vector<double> sums_;  // row k: of the products of every vector with the first k
  std::array<double, kLeastSpreadVectors> row_{};
};

class Search {
 public:
  Search(const SymmetricMatrix& products, std::span<const std::size_t> among, std::size_t size,
         const Executor& executor)
      : products_(products),
        candidates_(among.begin(), among.end()),
        size_(size),
        executor_(executor),
        chosen_(products, size) {}

  Subset best() {
    // A good subset at the beginning cuts much of the search.
    for (const std::size_t seed : Subset(candidates_)) try_around(seed);
    std::vector<double> distances(products_.n(), 0.0);
    for (const std::size_t i : candidates_)
      for (const std::size_t j : best_) distances[i] += squared_distance(products_, i, j);
    // Outliers first: what holds one is given up soon.
    std::stable_sort(candidates_.begin(), candidates_.end(),
                     [&](std::size_t a, std::size_t b) { return distances[a] > distances[b]; });
    extend(0);
    return best_;
  }

 private:
  // A first guess: the vectors nearest to one of them.
  void try_around(std::size_t seed) {
    Subset nearest = candidates_;
    std::stable_sort(nearest.begin(), nearest.end(), [&](std::size_t a, std::size_t b) {
      return squared_distance(products_, seed, a) < squared_distance(products_, seed, b);
    });
    nearest.resize(size_);
    consider(nearest);
  }

  void consider(Subset subset) {
    // In ascending order the sums have one order, so that one subset has one spread.
    std::sort(subset.begin(), subset.end());
    const double spread = spread_of(products_, subset);
    if (std::tie(spread, subset) < std::tie(least_, best_) || best_.empty()) {
      least_ = spread;
      best_ = std::move(subset);
    }
  }

  // What no better subset exceeds; positive, as a factor needs it.
  double limit() const { return least_ * kRounding + std::numeric_limits<double>::min(); }

  // All subsets that hold the chosen vectors and else only candidates from `next` on.
  void extend(std::size_t next) {
    executor_.interruption_point();
    const std::size_t missing = size_ - chosen_.vectors().size();
    if (missing == 0) return consider(chosen_.vectors());
    // Not where too few candidates are left to fill the subset.
    for (; next + missing <= candidates_.size(); ++next) {
      if (!chosen_.push(candidates_[next], limit())) continue;
      extend(next + 1);
      chosen_.pop();
    }
  }

  const SymmetricMatrix& products_;
  Subset candidates_;
  std::size_t size_;
  const Executor& executor_;
  BoundedScatter chosen_;
  Subset best_;
  double least_ = std::numeric_limits<double>::infinity();
};

}  // namespace

double spread_of(const SymmetricMatrix& products, std::span<const std::size_t> subset) {
  return std::max(0.0, largest_eigenpair(centred(products, subset)).value);
}

std::vector<std::size_t> least_spread_subset(const SymmetricMatrix& products,
                                             std::span<const std::size_t> among, std::size_t size,
                                             const Executor& executor) {
  BYZ_CHECK(size >= 1 && size <= among.size(), "a subset has 1 to n members");
  BYZ_CHECK(among.size() <= kLeastSpreadVectors, "too many vectors for the least-spread search");
  return Search(products, among, size, executor).best();
}

}  // namespace byzsim
