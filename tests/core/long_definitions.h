// The definitions of the rules in long double, as plainly as possible: what rules are measured
// against. n vectors, of which f may be Byzantine.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

namespace byzsim::long_definitions {

using Number = long double;
using Vector = std::vector<Number>;
using Vectors = std::vector<Vector>;
using Indices = std::vector<std::size_t>;
using Score = std::function<Number(std::size_t)>;

inline Number squared(const Vector& a, const Vector& b) {
  Number sum = 0;
  for (std::size_t c = 0; c < a.size(); ++c) sum += (a[c] - b[c]) * (a[c] - b[c]);
  return sum;
}

inline Number length(const Vector& a) { return std::sqrt(squared(a, Vector(a.size(), 0))); }

/// The sum of factors[i] * vectors[i].
inline Vector combined(const Vectors& vectors, const Vector& factors) {
  Vector sum(vectors[0].size(), 0);
  for (std::size_t i = 0; i < vectors.size(); ++i)
    for (std::size_t c = 0; c < sum.size(); ++c) sum[c] += factors[i] * vectors[i][c];
  return sum;
}

inline Vector mean(const Vectors& vectors) {
  return combined(vectors, Vector(vectors.size(), Number(1) / Number(vectors.size())));
}

inline Vectors chosen(const Vectors& vectors, const Indices& indices) {
  Vectors some;
  for (const std::size_t i : indices) some.push_back(vectors[i]);
  return some;
}

/// The `count` indices of least score, ties to the lowest.
inline Indices best(std::size_t n, std::size_t count, const Score& score) {
  Vector scores;
  Indices all(n);
  std::iota(all.begin(), all.end(), std::size_t{0});
  for (const std::size_t i : all) scores.push_back(score(i));
  std::stable_sort(all.begin(), all.end(),
                   [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  all.resize(count);
  return all;
}

inline Vector nearest_mean(const Vectors& vectors, const Vector& point, std::size_t count) {
  return mean(chosen(vectors, best(vectors.size(), count,
                                   [&](std::size_t i) { return squared(vectors[i], point); })));
}

/// One coordinate at a time, sorted.
inline Vector per_coordinate(const Vectors& vectors, const std::function<Number(Vector)>& value) {
  Vector result;
  for (std::size_t c = 0; c < vectors[0].size(); ++c) {
    Vector column;
    for (const auto& vector : vectors) column.push_back(vector[c]);
    std::sort(column.begin(), column.end());
    result.push_back(value(column));
  }
  return result;
}

inline Number middle(const Vector& sorted) {
  return (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]) / 2;
}
inline Number trimmed(const Vector& sorted, std::size_t f) {
  return std::accumulate(sorted.begin() + std::ptrdiff_t(f), sorted.end() - std::ptrdiff_t(f),
                         Number(0)) /
         Number(sorted.size() - 2 * f);
}
inline Number around(const Vector& sorted, Number centre, std::size_t count) {
  Number sum = 0;
  for (const std::size_t i :
       best(sorted.size(), count, [&](std::size_t k) { return std::fabs(sorted[k] - centre); }))
    sum += sorted[i];
  return sum / Number(count);
}

/// A value counts by the part of its rank's interval, of length 1, within the middle half of n.
inline Number quarter_trimmed(const Vector& sorted) {
  const Number low = Number(sorted.size()) / 4, high = Number(sorted.size()) - low;
  Number sum = 0;
  for (std::size_t k = 0; k < sorted.size(); ++k)
    sum +=
        std::max(Number(0), std::min(Number(k + 1), high) - std::max(Number(k), low)) * sorted[k];
  return sum / (high - low);
}

inline Vector median(const Vectors& x) { return per_coordinate(x, middle); }
inline Vector upper_median(const Vectors& x) {
  return per_coordinate(x, [](const Vector& sorted) { return sorted[sorted.size() / 2]; });
}

inline Number krum_score(const Vectors& x, std::size_t i, std::size_t neighbours) {
  Vector others;
  for (std::size_t j = 0; j < x.size(); ++j)
    if (j != i) others.push_back(squared(x[i], x[j]));
  std::sort(others.begin(), others.end());
  return std::accumulate(others.begin(), others.begin() + std::ptrdiff_t(neighbours), Number(0));
}

inline Vector multi_krum(const Vectors& x, std::size_t f, std::size_t m) {
  return mean(chosen(
      x, best(x.size(), m, [&](std::size_t i) { return krum_score(x, i, x.size() - f - 2); })));
}

/// By Multi-Krum's means, or by Krum's vectors.
inline Vector bulyan(Vectors left, std::size_t f, bool means) {
  const std::size_t rounds = left.size() - 2 * f - (means ? 2 : 0);
  Vectors selected;
  for (std::size_t round = 0; round < rounds; ++round) {
    const std::size_t neighbours = left.size() < f + 2 ? 0 : left.size() - f - 2;
    const Indices order = best(left.size(), means ? neighbours : 1,
                               [&](std::size_t i) { return krum_score(left, i, neighbours); });
    selected.push_back(mean(chosen(left, order)));
    left.erase(left.begin() + std::ptrdiff_t(order[0]));
  }
  return per_coordinate(selected,
                        [&](const Vector& x) { return around(x, middle(x), x.size() - 2 * f); });
}

/// By the authors' code: who is excluded leaves the scores of those that it was near to at first.
inline Vector bulyan_of_authors(const Vectors& x, std::size_t f) {
  const std::size_t n = x.size(), neighbours = n - f - 2;
  std::vector<Indices> near;
  for (std::size_t i = 0; i < n; ++i) {
    near.push_back(
        best(n, neighbours + 1, [&](std::size_t j) { return j == i ? -1 : squared(x[i], x[j]); }));
    near.back().erase(near.back().begin());
  }
  std::vector<bool> gone(n, false);
  Vectors selected;
  for (std::size_t round = 0; round < n - 2 * f - 2; ++round) {
    const Indices order = best(n, neighbours - round, [&](std::size_t i) {
      Number score = gone[i] ? std::numeric_limits<Number>::infinity() : Number(0);
      for (const std::size_t j : near[i]) score += gone[j] ? Number(0) : squared(x[i], x[j]);
      return score;
    });
    selected.push_back(mean(chosen(x, order)));
    gone[order[0]] = true;
  }
  return per_coordinate(
      selected, [&](const Vector& v) { return around(v, v[v.size() / 2], v.size() - 2 * f); });
}

/// All subsets of that size, in lexicographic order.
inline std::vector<Indices> subsets(std::size_t n, std::size_t size) {
  std::vector<Indices> all;
  std::vector<bool> taken(n, false);
  std::fill_n(taken.begin(), size, true);
  do {
    all.emplace_back();
    for (std::size_t i = 0; i < n; ++i)
      if (taken[i]) all.back().push_back(i);
  } while (std::prev_permutation(taken.begin(), taken.end()));
  return all;
}

inline Vector least_subset(const Vectors& x, std::size_t size,
                           const std::function<Number(const Vectors&)>& measure) {
  Number least = std::numeric_limits<Number>::infinity();
  Indices first;
  for (const Indices& subset : subsets(x.size(), size)) {
    const Number found = measure(chosen(x, subset));
    if (found < least) least = found, first = subset;
  }
  return mean(chosen(x, first));
}

inline Number diameter(const Vectors& x) {
  Number most = 0;
  for (const auto& a : x)
    for (const auto& b : x) most = std::max(most, squared(a, b));
  return most;
}

/// Weiszfeld's rounds from z.
inline Vector weiszfeld(const Vectors& x, Vector z, Number nu, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    Vector weights;
    for (const auto& each : x) weights.push_back(1 / std::max(nu, std::sqrt(squared(z, each))));
    const Number total = std::accumulate(weights.begin(), weights.end(), Number(0));
    for (Number& weight : weights) weight /= total;
    z = combined(x, weights);
  }
  return z;
}

inline Vector clipped_rounds(const Vectors& x, Vector v, Number tau, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    Vector pulls;
    Number left = 0;
    for (const auto& each : x) {
      const Number distance = std::sqrt(squared(v, each));
      const Number factor = distance > tau ? tau / distance : Number(1);
      pulls.push_back(factor / Number(x.size()));
      left += (1 - factor) / Number(x.size());
    }
    Vector next = combined(x, pulls);
    for (std::size_t c = 0; c < next.size(); ++c) next[c] += left * v[c];
    v = next;
  }
  return v;
}

/// The largest eigenvalue and its eigenvector, by Jacobi's rotations.
inline std::pair<Number, Vector> largest_eigenpair(Vectors a) {
  const std::size_t n = a.size();
  Vectors axes(n, Vector(n, 0));
  for (std::size_t i = 0; i < n; ++i) axes[i][i] = 1;
  for (int sweep = 0; sweep < 30; ++sweep)
    for (std::size_t p = 0; p < n; ++p)
      for (std::size_t q = p + 1; q < n; ++q) {
        if (a[p][q] == 0) continue;
        const Number theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        const Number t = (theta < 0 ? -1 : 1) / (std::fabs(theta) + std::sqrt(theta * theta + 1));
        const Number cosine = 1 / std::sqrt(t * t + 1), sine = t * cosine;
        for (std::size_t k = 0; k < n; ++k) {
          const Number kp = a[k][p], kq = a[k][q], vp = axes[k][p], vq = axes[k][q];
          a[k][p] = cosine * kp - sine * kq, a[k][q] = sine * kp + cosine * kq;
          axes[k][p] = cosine * vp - sine * vq, axes[k][q] = sine * vp + cosine * vq;
        }
        for (std::size_t k = 0; k < n; ++k) {
          const Number pk = a[p][k], qk = a[q][k];
          a[p][k] = cosine * pk - sine * qk, a[q][k] = sine * pk + cosine * qk;
        }
        a[p][q] = a[q][p] = 0;
      }
  std::size_t top = 0;
  for (std::size_t i = 0; i < n; ++i)
    if (a[i][i] > a[top][top]) top = i;
  Vector axis;
  for (std::size_t k = 0; k < n; ++k) axis.push_back(axes[k][top]);
  return {a[top][top], axis};
}

/// Of weighted vectors: the largest variance and the squared component of each along it.
inline std::pair<Number, Vector> widest(const Vectors& x, const Vector& weights) {
  const Vector centre = combined(x, weights);
  Vectors scaled, rest = x;
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t c = 0; c < centre.size(); ++c) rest[i][c] -= centre[c];
  for (std::size_t i = 0; i < x.size(); ++i) {
    scaled.emplace_back();
    for (std::size_t j = 0; j < x.size(); ++j) {
      Number product = 0;
      for (std::size_t c = 0; c < centre.size(); ++c) product += rest[i][c] * rest[j][c];
      scaled[i].push_back(std::sqrt(weights[i]) * std::sqrt(weights[j]) * product);
    }
  }
  const auto [variance, axis] = largest_eigenpair(scaled);
  Vector factors, components;
  for (std::size_t i = 0; i < x.size(); ++i) factors.push_back(std::sqrt(weights[i]) * axis[i]);
  Vector direction = combined(rest, factors);
  const Number size = length(direction);
  for (const auto& y : rest) {
    Number along = 0;
    for (std::size_t c = 0; c < y.size(); ++c) along += y[c] * direction[c] / size;
    components.push_back(along * along);
  }
  return {variance, components};
}

inline Number spread(const Vectors& x) {
  return widest(x, Vector(x.size(), Number(1) / Number(x.size()))).first;
}

inline Vector caf(const Vectors& x, std::size_t f) {
  Vector counts(x.size(), 1), result;
  Number least = std::numeric_limits<Number>::infinity();
  for (;;) {
    const Number total = std::accumulate(counts.begin(), counts.end(), Number(0));
    if (total <= Number(x.size() - 2 * f)) return result;
    Vector weights = counts;
    for (Number& weight : weights) weight /= total;
    const auto [variance, components] = widest(x, weights);
    if (variance < least) least = variance, result = combined(x, weights);
    Number largest = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (counts[i] > 0) largest = std::max(largest, components[i]);
    if (largest == 0) return result;
    for (std::size_t i = 0; i < x.size(); ++i)
      counts[i] *= std::max(Number(0), 1 - components[i] / largest);
  }
}

}  // namespace byzsim::long_definitions
