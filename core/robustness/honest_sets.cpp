// All sets are compared by inner products of the vectors around the output, which takes f steps a
// set; the ratio of the worst one is then computed from its vectors, where nothing cancels.
#include "core/robustness/honest_sets.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace byzsim {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

double squared_gap(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t c = 0; c < a.size(); ++c) sum += (a[c] - b[c]) * (a[c] - b[c]);
  return sum;
}

// The inputs, each as doubles.
std::vector<std::vector<double>> doubles_of(const InputVectors& inputs) {
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 0; i < inputs.n(); ++i)
    rows.emplace_back(inputs.at(i).begin(), inputs.at(i).end());
  return rows;
}

// Two vectors as bits, and how far they are apart.
struct FarPair {
  double squared;
  std::uint64_t pair;
};

std::vector<FarPair> pairs_by_distance(const std::vector<std::vector<double>>& rows) {
  std::vector<FarPair> pairs;
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      pairs.push_back(
          {squared_gap(rows[i], rows[j]), (std::uint64_t{1} << i) | (std::uint64_t{1} << j)});
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const FarPair& a, const FarPair& b) { return a.squared > b.squared; });
  return pairs;
}

// Walks through the sets of f vectors that are outside, depth first.
class SetWalk {
 public:
  SetWalk(const std::vector<std::vector<double>>& rows, std::span<const double> output, int f,
          Coefficient coefficient)
      : n_(rows.size()), f_(static_cast<std::size_t>(f)), coefficient_(coefficient) {
    products_.resize(n_ * n_);
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j < n_; ++j)
        for (std::size_t c = 0; c < output.size(); ++c)
          products_[i * n_ + j] += (rows[i][c] - output[c]) * (rows[j][c] - output[c]);
    with_all_.resize(n_);
    double all = 0, squares = 0;
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = 0; j < n_; ++j) with_all_[i] += product(i, j);
      all += with_all_[i];
      squares += product(i, i);
    }
    if (coefficient_ == Coefficient::lambda) pairs_ = pairs_by_distance(rows);
    visit(0, all, squares, 0);
  }
  // The first set of the largest ratio; none where the output is the mean of every set.
  const std::vector<std::size_t>& worst() const { return worst_; }

 private:
  double product(std::size_t i, std::size_t j) const { return products_[i * n_ + j]; }

  // `sum`: the squared norm of the sum over the vectors that are inside; `squares`: the sum of
  // their squared norms.
  void visit(std::size_t first, double sum, double squares, std::uint64_t outside) {
    if (chosen_.size() == f_) return compare(sum, squares, outside);
    for (std::size_t i = first; i + (f_ - chosen_.size()) <= n_; ++i) {
      // |s - x|^2 = |s|^2 - 2 s x + |x|^2, where s is the sum of all without those outside.
      double with_inside = with_all_[i];
      for (const std::size_t j : chosen_) with_inside -= product(i, j);
      chosen_.push_back(i);
      visit(i + 1, sum - 2 * with_inside + product(i, i), squares - product(i, i),
            outside | (std::uint64_t{1} << i));
      chosen_.pop_back();
    }
  }

  double squared_diameter(std::uint64_t outside) const {
    for (const FarPair& each : pairs_)
      if ((each.pair & outside) == 0) return each.squared;
    return 0;
  }

  void compare(double sum, double squares, std::uint64_t outside) {
    const auto size = static_cast<double>(n_ - f_);
    const double error = std::max(0.0, sum) / (size * size);
    const double around = squares / size;  // variance and squared error
    // Differences this small are rounding; whether the variance is 0 is decided afterwards.
    double spread = std::max(around - error, 1e-13 * around);
    if (error <= 0) return;
    if (coefficient_ == Coefficient::lambda) {
      // A squared diameter is at least twice the variance: most sets need not be measured.
      if (error * worst_spread_ <= worst_error_ * 2 * spread) return;
      spread = std::max(squared_diameter(outside), 1e-13 * around);
    }
    if (error * worst_spread_ <= worst_error_ * spread) return;
    worst_error_ = error;
    worst_spread_ = spread;
    worst_ = chosen_;
  }

  std::size_t n_, f_;
  Coefficient coefficient_;
  std::vector<double> products_;  // of vectors around the output
  std::vector<double> with_all_;  // of each with the sum of all
  std::vector<FarPair> pairs_;
  std::vector<std::size_t> chosen_, worst_;
  double worst_error_ = 0, worst_spread_ = 1;
};

std::vector<std::vector<double>> rows_inside(const std::vector<std::vector<double>>& rows,
                                             const std::vector<std::size_t>& outside) {
  std::vector<std::vector<double>> inside;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (!std::binary_search(outside.begin(), outside.end(), i)) inside.push_back(rows[i]);
  return inside;
}

// Around the first vector, so that equal vectors have exactly their own mean.
std::vector<double> mean_around_first(const std::vector<std::vector<double>>& rows) {
  std::vector<double> mean = rows[0];
  for (std::size_t c = 0; c < mean.size(); ++c) {
    double sum = 0;
    for (const auto& row : rows) sum += row[c] - rows[0][c];
    mean[c] += sum / static_cast<double>(rows.size());
  }
  return mean;
}

double squared_spread(const std::vector<std::vector<double>>& rows, std::span<const double> mean,
                      Coefficient coefficient) {
  double spread = 0;
  for (const auto& row : rows) {
    if (coefficient == Coefficient::kappa)
      spread += squared_gap(row, mean) / static_cast<double>(rows.size());
    else
      for (const auto& other : rows) spread = std::max(spread, squared_gap(row, other));
  }
  return spread;
}

double largest_norm(const std::vector<std::vector<double>>& rows) {
  double largest = 0;
  for (const auto& row : rows) {
    double squares = 0;
    for (const double value : row) squares += value * value;
    largest = std::max(largest, squares);
  }
  return std::sqrt(largest);
}

}  // namespace

std::int64_t honest_sets(std::int64_t n, std::int64_t f) {
  BYZ_CHECK(0 <= f && f <= n, "f of n vectors are Byzantine");
  std::int64_t count = 1;
  for (std::int64_t i = 1; i <= std::min(f, n - f); ++i) {
    count = count * (n - std::min(f, n - f) + i) / i;
    if (count > kMostHonestSets) return kMostHonestSets + 1;
  }
  return count;
}

WorstHonestSet worst_honest_set(const InputVectors& inputs, std::span<const double> output, int f,
                                Coefficient coefficient, double rounding_share) {
  const auto n = static_cast<std::int64_t>(inputs.n());
  BYZ_CHECK(0 <= f && f < n && n <= kMostInputVectors, "some of at most 64 vectors are honest");
  BYZ_CHECK(honest_sets(n, f) <= kMostHonestSets, "there are at most a million honest sets");
  BYZ_CHECK(output.size() == inputs.dimension, "an output has the dimension of its inputs");
  if (!std::all_of(output.begin(), output.end(),
                   [](double value) { return std::isfinite(value); })) {
    WorstHonestSet any{kInfinite, {}};
    for (std::size_t i = 0; i < static_cast<std::size_t>(f); ++i) any.outside.push_back(i);
    return any;
  }
  const auto rows = doubles_of(inputs);
  const std::vector<std::size_t> outside = SetWalk(rows, output, f, coefficient).worst();
  if (outside.size() != static_cast<std::size_t>(f)) return {};
  const auto inside = rows_inside(rows, outside);
  const std::vector<double> mean = mean_around_first(inside);
  const double error =
      std::max(0.0, std::sqrt(squared_gap(mean, output)) - rounding_share * largest_norm(rows));
  const double spread = squared_spread(inside, mean, coefficient);
  const double squared = error == 0 ? 0 : error * error / spread;  // infinite where it is 0
  return {coefficient == Coefficient::kappa ? squared : std::sqrt(squared), outside};
}

}  // namespace byzsim
