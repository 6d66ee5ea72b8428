// The definitions in long double of rules that judge vectors by direction, signs, chunks or boxes,
// as plainly as possible. n vectors, of which f may be Byzantine or not finite; nothing is kept.
#pragma once

#include <array>
#include <set>

#include "core/exact/permutation.h"
#include "core/exact/random.h"
#include "tests/core/long_definitions.h"

namespace byzsim::long_definitions {

constexpr Number kFar = std::numeric_limits<Number>::infinity();

inline bool is_finite(const Vector& a) {
  return std::all_of(a.begin(), a.end(), [](Number value) { return std::isfinite(value); });
}

inline Indices finite_ones(const Vectors& x) {
  Indices some;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (is_finite(x[i])) some.push_back(i);
  return some;
}

inline Number product(const Vector& a, const Vector& b) {
  Number sum = 0;
  for (std::size_t c = 0; c < a.size(); ++c) sum += a[c] * b[c];
  return sum;
}

inline Number cosine(const Vector& a, const Vector& b) {
  const Number size = length(a) * length(b);
  return size == 0 ? 0 : product(a, b) / size;
}

/// One round of DnC over all coordinates.
inline Vector divided(const Vectors& x, std::size_t f) {
  const Vectors near = chosen(x, finite_ones(x));
  const auto [variance, components] =
      widest(near, Vector(near.size(), Number(1) / Number(near.size())));
  const Vector& scores = components;
  return mean(
      chosen(near, best(near.size(), x.size() - f, [&](std::size_t i) { return scores[i]; })));
}

using Signs = std::array<double, 3>;

inline double apart(const Signs& a, const Signs& b) {
  return std::sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) +
                   (a[2] - b[2]) * (a[2] - b[2]));
}

/// Mean shift in double: whether points are within the bandwidth is decided by its rounding.
inline Indices largest_cluster(const std::vector<Signs>& points) {
  const std::size_t n = points.size(), nearest = std::max<std::size_t>(1, n / 2);
  double bandwidth = 0;
  for (const Signs& a : points) {
    std::vector<double> all;
    for (const Signs& b : points) all.push_back(apart(a, b));
    std::sort(all.begin(), all.end());
    bandwidth += all[nearest - 1];
  }
  bandwidth /= double(n);
  std::vector<std::pair<std::size_t, Signs>> places;
  for (Signs at : points) {
    std::size_t around = 0;
    for (int round = 0; round <= 300; ++round) {
      Signs sum{};
      std::size_t count = 0;
      for (const Signs& point : points)
        if (apart(point, at) <= bandwidth) {
          ++count;
          for (std::size_t k = 0; k < 3; ++k) sum[k] += point[k];
        }
      if (count > 0)
        for (double& value : sum) value /= double(count);
      const double moved = count > 0 ? apart(sum, at) : 0;
      if (count > 0) at = sum;
      around = count;
      if (moved <= 1e-3 * bandwidth) break;
    }
    places.emplace_back(around, at);
  }
  std::sort(places.rbegin(), places.rend());
  std::vector<Signs> kept;
  for (const auto& [around, at] : places) {
    bool alone = true;
    for (const Signs& other : kept) alone &= apart(at, other) > bandwidth;
    if (alone) kept.push_back(at);
  }
  std::vector<Indices> clusters(kept.size());
  for (std::size_t i = 0; i < n; ++i)
    clusters[best(kept.size(), 1, [&](std::size_t k) { return apart(points[i], kept[k]); })[0]]
        .push_back(i);
  return clusters[best(clusters.size(), 1,
                       [&](std::size_t k) { return -Number(clusters[k].size()); })[0]];
}

inline std::vector<Signs> sign_shares(const Vectors& x, std::size_t begin, std::size_t count) {
  std::vector<Signs> shares(x.size(), Signs{});
  Signs most{};
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t c = begin; c < begin + count; ++c)
      shares[i][x[i][c] == 0 ? 1 : x[i][c] < 0 ? 2 : 0] += 1;
    for (std::size_t k = 0; k < 3; ++k) most[k] = std::max(most[k], shares[i][k]);
  }
  for (Signs& each : shares)
    for (std::size_t k = 0; k < 3; ++k)
      if (most[k] > 0) each[k] /= most[k];
  return shares;
}

/// The vectors no longer than `most`, or shortened to it.
inline Vectors shortened(Vectors x, Number most) {
  for (Vector& each : x) {
    const Number size = length(each);
    if (size > most)
      for (Number& value : each) value *= most / size;
  }
  return x;
}

inline Vector sign_guarded(const Vectors& x, std::size_t, Stream stream) {
  const std::size_t count = std::max<std::size_t>(1, x[0].size() / 10);
  const std::size_t begin = stream.below(x[0].size() - count + 1);
  Vector norms;
  for (const Vector& each : x) norms.push_back(is_finite(each) ? length(each) : kFar);
  Vector sorted = norms;
  std::sort(sorted.begin(), sorted.end());
  const Number median = sorted[(sorted.size() - 1) / 2];
  Indices usual, both;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (norms[i] > median / 10 && norms[i] < 3 * median) usual.push_back(i);
  for (const std::size_t i : largest_cluster(sign_shares(x, begin, count)))
    if (std::count(usual.begin(), usual.end(), i) > 0) both.push_back(i);
  return mean(shortened(chosen(x, both.empty() ? usual : both), median));
}

/// Squared, infinite where it is no number.
inline Number far_squared(const Vector& a, const Vector& b) {
  const Number sum = squared(a, b);
  return std::isfinite(sum) ? sum : kFar;
}

inline std::size_t krum_of(const Vectors& x, std::size_t f) {
  return best(x.size(), 1, [&](std::size_t i) {
    Vector others;
    for (std::size_t j = 0; j < x.size(); ++j)
      if (j != i) others.push_back(far_squared(x[i], x[j]));
    std::sort(others.begin(), others.end());
    return std::accumulate(others.begin(), others.begin() + std::ptrdiff_t(x.size() - f - 2),
                           Number(0));
  })[0];
}

/// By Krum in chunks of one coordinate, as there are fewer than 1000; or in `chunks` of them.
inline Vector split_by_krum(const Vectors& x, std::size_t f, std::size_t chunks, Stream stream) {
  const std::size_t d = x[0].size();
  chunks = std::min(chunks, d);
  const std::vector<std::uint32_t> order = random_permutation(d, stream);
  Vector scores(x.size(), 0);
  for (std::size_t k = 0; k < chunks; ++k) {
    Vectors parts(x.size());
    for (std::size_t i = 0; i < x.size(); ++i)
      for (std::size_t c = k * d / chunks; c < (k + 1) * d / chunks; ++c)
        parts[i].push_back(x[i][order[c]]);
    const Vector centre = parts[krum_of(parts, f)];
    for (std::size_t i = 0; i < x.size(); ++i)
      scores[i] += std::sqrt(far_squared(parts[i], centre));
  }
  return mean(chosen(x, best(x.size(), x.size() - f, [&](std::size_t i) { return scores[i]; })));
}

inline Vector middle_of_boxes(const Vectors& all, std::size_t f, bool of_mean) {
  const Vectors x = chosen(all, finite_ones(all));
  const std::size_t trim = f - (all.size() - x.size()), kept = x.size() - trim;
  Vectors centres;
  for (const Indices& subset : subsets(x.size(), kept)) {
    const Vectors some = chosen(x, subset);
    centres.push_back(of_mean ? mean(some) : weiszfeld(some, mean(some), 1e-12L, 30));
  }
  Vector result;
  for (std::size_t c = 0; c < x[0].size(); ++c) {
    Vector values, inner;
    for (const Vector& each : x) values.push_back(each[c]);
    for (const Vector& each : centres) inner.push_back(each[c]);
    std::sort(values.begin(), values.end());
    std::sort(inner.begin(), inner.end());
    const Number low = std::max(values[trim], inner.front());
    const Number high = std::min(values[values.size() - 1 - trim], inner.back());
    result.push_back((low + high) / 2);
  }
  return result;
}

inline Vector gold_of_fools(const Vectors& all, std::size_t) {
  const Vectors x = chosen(all, finite_ones(all));
  const std::size_t n = x.size();
  Vectors alike(n, Vector(n, 0));
  Vector most(n, 0), trust(n, 0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      if (i != j) alike[i][j] = cosine(x[i], x[j]);
  for (std::size_t i = 0; i < n; ++i)
    most[i] = *std::max_element(alike[i].begin(), alike[i].end()) + 1e-5L;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j)
      if (most[i] < most[j]) alike[i][j] *= most[i] / most[j];
    trust[i] =
        std::clamp(1 - *std::max_element(alike[i].begin(), alike[i].end()), Number(0), Number(1));
  }
  const Number top = *std::max_element(trust.begin(), trust.end());
  if (top < 1e-12L) return mean(x);
  for (Number& each : trust) {
    each = std::min(each / top, 0.99L);
    each = std::clamp(std::log(each / (1 - each)) + 0.5L, Number(0), Number(1));
  }
  const Number total = std::accumulate(trust.begin(), trust.end(), Number(0));
  for (Number& each : trust) each /= total;
  return combined(x, trust);
}

/// Without norms of earlier steps; `keep` rounds a norm as it is kept.
inline Vector clipped_cluster(const Vectors& all, Number most, Number (*keep)(Number)) {
  Vector norms;
  for (const Vector& each : all) norms.push_back(is_finite(each) ? keep(length(each)) : kFar);
  std::sort(norms.begin(), norms.end());
  const Number lower = norms[(norms.size() - 1) / 2], upper = norms[norms.size() / 2];
  const Vectors x = chosen(all, finite_ones(all));
  std::vector<Indices> clusters;
  for (std::size_t i = 0; i < x.size(); ++i) clusters.push_back({i});
  const auto linkage = [&](const Indices& a, const Indices& b) {
    Number sum = 0;
    for (const std::size_t i : a)
      for (const std::size_t j : b) sum += 1 - cosine(x[i], x[j]);
    return sum / Number(a.size() * b.size());
  };
  while (clusters.size() > 2) {
    std::size_t first = 0, second = 1;
    for (std::size_t a = 0; a < clusters.size(); ++a)
      for (std::size_t b = a + 1; b < clusters.size(); ++b)
        if (linkage(clusters[a], clusters[b]) < linkage(clusters[first], clusters[second]))
          first = a, second = b;
    clusters[first].insert(clusters[first].end(), clusters[second].begin(), clusters[second].end());
    clusters.erase(clusters.begin() + std::ptrdiff_t(second));
  }
  const Indices& larger =
      clusters.back().size() > clusters.front().size() ? clusters.back() : clusters.front();
  return mean(shortened(chosen(x, larger), std::min((lower + upper) / 2, most)));
}

/// With equal records of all senders.
inline Vector alike_to_mean(const Vectors& all, Number width) {
  Vectors x = chosen(all, finite_ones(all));
  for (;; width += 0.25L) {
    const Vector centre = mean(x);
    Vector cosines;
    for (const Vector& each : x) cosines.push_back(cosine(each, centre));
    const Number size = Number(x.size());
    const Number average = std::accumulate(cosines.begin(), cosines.end(), Number(0)) / size;
    Number squares = 0;
    for (const Number each : cosines) squares += (each - average) * (each - average);
    const Number deviation = std::sqrt(squares / (size - 1));
    Vector sorted = cosines;
    std::sort(sorted.begin(), sorted.end());
    Vectors left;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (average < middle(sorted) ? cosines[i] >= middle(sorted) - width * deviation
                                   : cosines[i] <= middle(sorted) + width * deviation)
        left.push_back(x[i]);
    if (left.size() == x.size()) return mean(x);
    x = left;
  }
}

inline Vector trusted_by(const Vector& reference, const Vectors& all) {
  const Vectors x = chosen(all, finite_ones(all));
  Vector factors;
  Number total = 0;
  for (const Vector& each : x) {
    const Number trust = std::max(Number(0), cosine(each, reference));
    total += trust;
    factors.push_back(trust == 0 ? 0 : trust * length(reference) / length(each));
  }
  for (Number& factor : factors) factor = total > 0 ? factor / total : 0;
  return combined(x, factors);
}

/// With the score of a loss.
inline Vector least_costs(const Vectors& x, std::size_t f, const Score& loss_after_step,
                          Number rho) {
  return mean(chosen(x, best(x.size(), x.size() - f, [&](std::size_t i) {
                       const Number cost = loss_after_step(i) + rho * product(x[i], x[i]);
                       return is_finite(x[i]) && std::isfinite(cost) ? cost : kFar;
                     })));
}

}  // namespace byzsim::long_definitions
