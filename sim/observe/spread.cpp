// Loops over coordinates run in order on one thread each: rows are evaluated side by side
// instead.

#include "sim/observe/spread.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/check.h"
#include "core/kernels/vector_kernels.h"

namespace byzsim {
namespace {

struct Difference {
  double length;
  std::size_t i, j;
};

std::vector<const float*> pointers_to(const std::vector<Payload>& vectors) {
  std::vector<const float*> pointers;
  for (const Payload& vector : vectors) {
    BYZ_CHECK(vector.dimension() == vectors[0].dimension(), "vectors of one spread are alike");
    pointers.push_back(vector.values().data());
  }
  return pointers;
}

// All pairs, the longest first; ties in the order of the vectors.
std::vector<Difference> differences_of(const std::vector<const float*>& vectors,
                                       std::size_t dimension) {
  const std::vector<double> distances = pair_distances(vectors, dimension);
  std::vector<Difference> all;
  for (std::size_t i = 0; i < vectors.size(); ++i)
    for (std::size_t j = i + 1; j < vectors.size(); ++j)
      all.push_back({distances[all.size()], i, j});
  std::stable_sort(all.begin(), all.end(),
                   [](const Difference& a, const Difference& b) { return a.length > b.length; });
  return all;
}

// Extremes are taken of so many coordinates side by side, then their widths added in order.
constexpr std::size_t kBlock = 64;

struct Extremes {
  std::array<float, kBlock> low, high;
  bool has_nan = false;
};

Extremes extremes_of(const std::vector<const float*>& vectors, std::size_t begin,
                     std::size_t count) {
  Extremes extremes;
  std::copy_n(vectors[0] + begin, count, extremes.low.begin());
  extremes.high = extremes.low;
  int nans = 0;
  for (const float* vector : vectors)
    for (std::size_t i = 0; i < count; ++i) {
      const float value = vector[begin + i];
      // Comparisons would pass over a NaN, so it is looked for apart, and without a branch.
      nans |= value != value;
      extremes.low[i] = value < extremes.low[i] ? value : extremes.low[i];
      extremes.high[i] = extremes.high[i] < value ? value : extremes.high[i];
    }
  extremes.has_nan = nans != 0;
  return extremes;
}

struct Sums {
  double widths = 0;   // NaN with a NaN among the coordinates
  double product = 0;  // of two differences
};

// Both in the order of the coordinates, in one loop: each addition waits for the one before it, and
// the two waits fall together.
Sums sums_of(const std::vector<const float*>& vectors, std::size_t dimension, const Difference& a,
             const Difference& b) {
  Sums sums;
  bool has_nan = false;
  for (std::size_t begin = 0; begin < dimension; begin += kBlock) {
    const std::size_t count = std::min(kBlock, dimension - begin);
    const Extremes extremes = extremes_of(vectors, begin, count);
    has_nan = has_nan || extremes.has_nan;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t c = begin + i;
      sums.widths += double(extremes.high[i]) - double(extremes.low[i]);
      sums.product += (double(vectors[a.i][c]) - double(vectors[a.j][c])) *
                      (double(vectors[b.i][c]) - double(vectors[b.j][c]));
    }
  }
  if (has_nan) sums.widths = std::numeric_limits<double>::quiet_NaN();
  return sums;
}

// |cos|, at most 1 whatever the rounding.
double cosine_size(double product, const Difference& a, const Difference& b) {
  const double size = std::fabs(product / (a.length * b.length));
  return size > 1 ? 1 : size;
}

}  // namespace

Spread spread_of(const std::vector<Payload>& vectors) {
  finish_all(vectors);
  Spread spread;
  // One vector is at no distance from anything.
  if (vectors.size() < 2) return spread;
  const std::vector<const float*> pointers = pointers_to(vectors);
  const std::size_t dimension = vectors[0].dimension();
  const std::vector<Difference> differences = differences_of(pointers, dimension);
  spread.diameter = differences[0].length;
  const Difference& first = differences[0];
  // Two vectors have one difference; its product with itself is not used then.
  const Difference& second = differences[std::min<std::size_t>(1, differences.size() - 1)];
  const Sums sums = sums_of(pointers, dimension, first, second);
  spread.coordinates = sums.widths;
  if (differences.size() > 1) spread.alignment = cosine_size(sums.product, first, second);
  return spread;
}

std::vector<double> distances_from_mean(const std::vector<Payload>& vectors) {
  BYZ_CHECK(!vectors.empty(), "a mean is of at least one vector");
  finish_all(vectors);
  const auto count = static_cast<double>(vectors.size());
  const std::vector<const float*> pointers = pointers_to(vectors);
  std::vector<double> distances(vectors.size());
  for (std::size_t c = 0; c < vectors[0].dimension(); ++c) {
    double mean = 0;
    for (const float* vector : pointers) mean += double(vector[c]);
    mean /= count;
    for (std::size_t i = 0; i < pointers.size(); ++i) {
      const double off = double(pointers[i][c]) - mean;
      distances[i] += off * off;
    }
  }
  for (double& each : distances) each = std::sqrt(each);
  return distances;
}

std::optional<CutSpread> cut_spread(const std::vector<Payload>& vectors,
                                    const std::vector<int>& sides) {
  BYZ_CHECK(vectors.size() == sides.size(), "every vector is on a side");
  std::array<double, 2> counts{};
  for (const int side : sides) ++counts.at(static_cast<std::size_t>(side));
  if (counts[0] == 0 || counts[1] == 0) return std::nullopt;
  finish_all(vectors);
  const std::vector<const float*> pointers = pointers_to(vectors);
  double across = 0, within = 0;
  for (std::size_t c = 0; c < vectors[0].dimension(); ++c) {
    std::array<double, 2> means{};
    for (std::size_t i = 0; i < pointers.size(); ++i)
      means[static_cast<std::size_t>(sides[i])] += double(pointers[i][c]);
    for (std::size_t side = 0; side < 2; ++side) means[side] /= counts[side];
    across += (means[0] - means[1]) * (means[0] - means[1]);
    for (std::size_t i = 0; i < pointers.size(); ++i) {
      const double off = double(pointers[i][c]) - means[static_cast<std::size_t>(sides[i])];
      within += off * off;
    }
  }
  return CutSpread{std::sqrt(across), std::sqrt(within / (counts[0] + counts[1]))};
}

double variance_to_norm(const std::vector<Payload>& vectors) {
  BYZ_CHECK(!vectors.empty(), "a mean is of at least one vector");
  finish_all(vectors);
  const auto count = static_cast<double>(vectors.size());
  const std::vector<const float*> pointers = pointers_to(vectors);
  const std::size_t dimension = vectors[0].dimension();
  double variance = 0, norm = 0;
  for (std::size_t c = 0; c < dimension; ++c) {
    double mean = 0;
    for (const float* vector : pointers) mean += double(vector[c]);
    mean /= count;
    norm += mean * mean;
    for (const float* vector : pointers) {
      const double off = double(vector[c]) - mean;
      variance += off * off / count;
    }
  }
  return std::sqrt(variance) / std::sqrt(norm);
}

std::vector<float> mean_of(const std::vector<Payload>& vectors) {
  BYZ_CHECK(!vectors.empty(), "a mean is of at least one vector");
  finish_all(vectors);
  std::vector<float> mean(vectors[0].dimension());
  byzsim::mean_of<float>(pointers_to(vectors), 0, mean.size(), mean.data());
  return mean;
}

double descent_cosine(const Payload& before, const Payload& after, const Payload& direction) {
  BYZ_CHECK(before.dimension() == after.dimension() && after.dimension() == direction.dimension(),
            "a step and its direction have one dimension");
  return product_with_difference(before.values(), after.values(), direction.values()) /
         (distance(before.values(), after.values()) * norm(direction.values()));
}

}  // namespace byzsim
