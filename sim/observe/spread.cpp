#include "sim/observe/spread.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "core/check.h"
#include "core/kernels/distances.h"
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

// Distances of floats find the longest differences; these are then taken in double, with all that
// may be longer than they are.
constexpr double kFloatError = 2e-6;  // relative; core/kernels/distance_tiles.h

// The two longest differences, or the only one; ties in the order of the vectors.
std::vector<Difference> longest_differences(const std::vector<Payload>& vectors,
                                            const std::vector<const float*>& pointers) {
  // Rows are evaluated side by side instead.
  const Executor this_thread(1);
  const DistanceMatrix squares = squared_distances(std::span<const float* const>(pointers),
                                                   vectors[0].dimension(), this_thread);
  std::vector<double> lengths;
  for (std::size_t i = 0; i < vectors.size(); ++i)
    for (std::size_t j = i + 1; j < vectors.size(); ++j)
      lengths.push_back(std::sqrt(squares(i, j)));
  std::sort(lengths.begin(), lengths.end(), std::greater<>());
  const double least = lengths[std::min<std::size_t>(1, lengths.size() - 1)] * (1 - kFloatError);
  std::vector<Difference> longest;
  for (std::size_t i = 0; i < vectors.size(); ++i)
    for (std::size_t j = i + 1; j < vectors.size(); ++j) {
      const double length = std::sqrt(squares(i, j));
      // Lengths that are exact already, of which there may be many, are not taken again.
      if (length == 0 || std::isinf(length)) {
        if (length >= least) longest.push_back({length, i, j});
      } else if (length >= least) {
        longest.push_back({distance(vectors[i].values(), vectors[j].values()), i, j});
      }
    }
  std::stable_sort(longest.begin(), longest.end(),
                   [](const Difference& x, const Difference& y) { return x.length > y.length; });
  if (longest.size() > 2) longest.resize(2);
  return longest;
}

bool has_nan(const std::vector<float>& values) {
  return std::any_of(values.begin(), values.end(), [](float value) { return std::isnan(value); });
}

// An infinite diameter tells that a vector may have one: others are not looked at.
double widths_of(const std::vector<Payload>& vectors, const std::vector<const float*>& pointers,
                 double diameter) {
  if (!std::isfinite(diameter))
    for (const Payload& vector : vectors)
      if (has_nan(vector.values())) return std::numeric_limits<double>::quiet_NaN();
  return sum_of_widths(pointers, vectors[0].dimension());
}

double product_of(const std::vector<Payload>& vectors, const Difference& a, const Difference& b) {
  return product_of_differences(vectors[a.i].values(), vectors[a.j].values(), vectors[b.i].values(),
                                vectors[b.j].values());
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
  const std::vector<Difference> differences = longest_differences(vectors, pointers);
  const Difference& first = differences[0];
  spread.diameter = first.length;
  spread.coordinates = widths_of(vectors, pointers, first.length);
  // Two vectors have one difference.
  if (differences.size() > 1)
    spread.alignment =
        cosine_size(product_of(vectors, first, differences[1]), first, differences[1]);
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
