#include "core/robustness/nonnegative_fit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/check.h"

namespace byzsim {
namespace {

using Column = std::vector<double>;

double column_product(const Column& a, const Column& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// A symmetric positive definite system by Cholesky's method; nothing where it is singular.
std::optional<Column> solution(std::vector<Column> matrix, Column right) {
  const std::size_t n = right.size();
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t j = 0; j < k; ++j) matrix[k][k] -= matrix[k][j] * matrix[k][j];
    if (!(matrix[k][k] > 1e-13)) return std::nullopt;
    matrix[k][k] = std::sqrt(matrix[k][k]);
    for (std::size_t i = k + 1; i < n; ++i) {
      for (std::size_t j = 0; j < k; ++j) matrix[i][k] -= matrix[i][j] * matrix[k][j];
      matrix[i][k] /= matrix[k][k];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) right[i] -= matrix[i][j] * right[j];
    right[i] /= matrix[i][i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = i + 1; j < n; ++j) right[i] -= matrix[j][i] * right[j];
    right[i] /= matrix[i][i];
  }
  return right;
}

// Columns of norm 1, those that have a factor, and their factors.
class ActiveSet {
 public:
  ActiveSet(std::vector<Column> columns, const Column& target)
      : columns_(std::move(columns)), target_(target), factors_(columns_.size()) {}

  const Column& factors() const { return factors_; }

  Column rest() const {
    Column rest(target_.size());
    for (std::size_t i = 0; i < rest.size(); ++i) rest[i] = -target_[i];
    for (const std::size_t j : used_)
      for (std::size_t i = 0; i < rest.size(); ++i) rest[i] += factors_[j] * columns_[j][i];
    return rest;
  }

  // Gives a factor to the column that shortens the rest most; whether there is one.
  bool improve() {
    const Column rest_now = rest();
    const double before = column_product(rest_now, rest_now);
    std::vector<std::pair<double, std::size_t>> gains;
    for (std::size_t j = 0; j < columns_.size(); ++j) {
      const double gain = -column_product(columns_[j], rest_now);
      if (gain > 1e-12 && std::find(used_.begin(), used_.end(), j) == used_.end())
        gains.emplace_back(-gain, j);
    }
    std::sort(gains.begin(), gains.end());
    for (const auto& [gain, j] : gains) {
      const auto used = used_;
      const auto factors = factors_;
      used_.push_back(j);
      if (settle()) {
        const Column after = rest();
        if (column_product(after, after) < before) return true;
      }
      used_ = used;
      factors_ = factors;
    }
    return false;
  }

 private:
  // Least squares over the used columns, without those whose factor would fall below 0; false where
  // they depend on each other.
  bool settle() {
    while (!used_.empty()) {
      std::vector<Column> products(used_.size(), Column(used_.size()));
      Column right(used_.size());
      for (std::size_t a = 0; a < used_.size(); ++a) {
        right[a] = column_product(columns_[used_[a]], target_);
        for (std::size_t b = 0; b < used_.size(); ++b)
          products[a][b] = column_product(columns_[used_[a]], columns_[used_[b]]);
      }
      const auto wanted = solution(std::move(products), std::move(right));
      if (!wanted) return false;
      if (step_towards(*wanted)) return true;
    }
    return true;
  }

  // As far as no factor falls below 0; whether that is all the way.
  bool step_towards(const Column& wanted) {
    double share = 1;
    for (std::size_t a = 0; a < used_.size(); ++a)
      if (wanted[a] <= 0)
        share = std::min(share, factors_[used_[a]] / (factors_[used_[a]] - wanted[a]));
    const bool all_the_way = share >= 1;
    std::vector<std::size_t> left;
    for (std::size_t a = 0; a < used_.size(); ++a) {
      double& factor = factors_[used_[a]];
      factor += share * (wanted[a] - factor);
      if (wanted[a] > 0 || factor > 1e-15)
        left.push_back(used_[a]);
      else
        factor = 0;
    }
    const bool dropped = left.size() < used_.size();
    used_ = left;
    return all_the_way && !dropped;
  }

  std::vector<Column> columns_;
  const Column& target_;
  std::vector<std::size_t> used_;
  Column factors_;
};

}  // namespace

NonnegativeFit nonnegative_fit(const std::vector<std::vector<double>>& columns,
                               const std::vector<double>& target) {
  std::vector<Column> unit = columns;
  std::vector<double> norms;
  for (Column& column : unit) {
    norms.push_back(std::sqrt(column_product(column, column)));
    BYZ_CHECK(norms.back() > 0 && column.size() == target.size(), "columns are not zero");
    for (double& value : column) value /= norms.back();
  }
  ActiveSet active(std::move(unit), target);
  while (active.improve()) {
  }
  NonnegativeFit fit{active.factors(), active.rest()};
  for (std::size_t j = 0; j < norms.size(); ++j) fit.factors[j] /= norms[j];
  return fit;
}

}  // namespace byzsim
