// Branch and bound: a further vector only adds to the scatter, so its largest eigenvalue never
// falls, and what a few vectors spread bounds every subset that holds them from below. Cheap lower
// bounds of the eigenvalue (half the largest squared distance, a Rayleigh quotient) decide most
// branches; eigenvalues proper are computed for whole subsets alone.
#include "core/subset_search.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

#include "core/check.h"

namespace byzsim {
namespace {

using Subset = std::vector<std::size_t>;

// Bounds may exceed the eigenvalue they bound by rounding, never by this factor.
constexpr double kRounding = 1 + 1e-9;
constexpr int kPowerIterations = 6;

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

// A lower bound of the largest eigenvalue: the Rayleigh quotient of a few times multiplied vectors.
double rayleigh_bound(const SymmetricMatrix& matrix) {
  const std::size_t n = matrix.n();
  std::size_t longest = 0;
  for (std::size_t i = 1; i < n; ++i)
    if (matrix(i, i) > matrix(longest, longest)) longest = i;
  const double unit = matrix(longest, longest);
  if (!(unit > 0)) return 0;
  std::vector<double> vector(n, 0.0), image(n);
  vector[longest] = 1;
  double quotient = 0;
  for (int round = 0; round < kPowerIterations; ++round) {
    double with_image = 0, with_itself = 0;
    for (std::size_t i = 0; i < n; ++i) {
      image[i] = 0;
      for (std::size_t j = 0; j < n; ++j) image[i] += matrix(i, j) / unit * vector[j];
      with_image += vector[i] * image[i];
      with_itself += vector[i] * vector[i];
    }
    quotient = std::max(quotient, unit * (with_image / with_itself));
    std::swap(vector, image);
  }
  return quotient;
}

class Search {
 public:
  Search(const SymmetricMatrix& products, std::span<const std::size_t> among, std::size_t size)
      : products_(products), candidates_(among.begin(), among.end()), size_(size) {}

  Subset best() {
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
    std::sort(subset.begin(), subset.end());
    const double spread = spread_of(products_, subset);
    if (std::tie(spread, subset) < std::tie(least_, best_) || best_.empty()) {
      least_ = spread;
      best_ = std::move(subset);
    }
  }

  bool hopeless(double bound) const { return bound > least_ * kRounding; }

  bool too_far(std::size_t candidate) const {
    return std::any_of(chosen_.begin(), chosen_.end(), [&](std::size_t i) {
      return hopeless(squared_distance(products_, i, candidate) / 2);
    });
  }

  // All subsets that hold the chosen vectors and else only candidates from `next` on.
  void extend(std::size_t next) {
    if (chosen_.size() == size_) return consider(chosen_);
    if (candidates_.size() - next < size_ - chosen_.size()) return;
    if (!too_far(candidates_[next])) {
      chosen_.push_back(candidates_[next]);
      if (chosen_.size() < 3 || !hopeless(rayleigh_bound(centred(products_, chosen_))))
        extend(next + 1);
      chosen_.pop_back();
    }
    extend(next + 1);
  }

  const SymmetricMatrix& products_;
  Subset candidates_;
  std::size_t size_;
  Subset chosen_;
  Subset best_;
  double least_ = std::numeric_limits<double>::infinity();
};

}  // namespace

double spread_of(const SymmetricMatrix& products, std::span<const std::size_t> subset) {
  return std::max(0.0, largest_eigenpair(centred(products, subset)).value);
}

std::vector<std::size_t> least_spread_subset(const SymmetricMatrix& products,
                                             std::span<const std::size_t> among, std::size_t size) {
  BYZ_CHECK(size >= 1 && size <= among.size(), "a subset has 1 to n members");
  BYZ_CHECK(among.size() <= kLeastSpreadVectors, "too many vectors for the least-spread search");
  return Search(products, among, size).best();
}

}  // namespace byzsim
