// First from the products, which costs no look at the vectors; where that would lose too many
// digits, over the coordinates.

#include "core/kernels/mean_distances.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <type_traits>

#include "core/kernels/lanes.h"
#include "core/machine/shards.h"

namespace byzsim {
namespace {

using lanes::Doubles;

// Coordinates that are looked at together.
constexpr std::size_t kBlock = 128;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// What a squared distance that products give may lose.
template <class Real>
constexpr double kTolerated = std::is_same_v<Real, float> ? 1e-6 : 1e-10;

// The relative error of the products' terms. Squares of floats are rounded a few times each, which
// evens out over more than the 128 that are added in float (distance_tiles.h).
template <class Real>
double error_of_terms(const CentredVectors<Real>& points) {
  if (!points.known.squares || std::is_same_v<Real, double>) return 1e-15;
  const double blocks = static_cast<double>(points.dimension) / 128;
  return 1e-7 / std::sqrt(std::max(1.0, blocks));
}

// How large the terms are whose difference is a squared distance: where products were taken from
// distances, they carry the error of these; else no more than that of their own size.
class Terms {
 public:
  Terms(const CentredProducts& known, std::span<const double> weights)
      : products_(known.products), from_distances_(known.squares.has_value()) {
    for (std::size_t j = 0; j < weights.size(); ++j)
      if (weights[j] > 0) of_mean_ += weights[j] * size(j);
  }
  double of(std::size_t i) const {
    const double sum = size(i) + of_mean_;
    return from_distances_ ? sum : sum * sum;
  }

 private:
  double size(std::size_t i) const {
    return from_distances_ ? products_(i, i) : std::sqrt(products_(i, i));
  }

  const SymmetricMatrix& products_;
  bool from_distances_;
  double of_mean_ = 0;
};

std::vector<double> distances_by_products(const SymmetricMatrix& products,
                                          std::span<const double> weights, std::size_t count) {
  const WithMean with = with_mean(products, weights);
  std::vector<double> distances(count, kInfinity);
  for (std::size_t i = 0; i < count; ++i)
    if (reachable(products, i))
      // Rounding may leave less than 0 where the vector is the mean.
      distances[i] = std::max(0.0, products(i, i) - 2 * with.vectors[i] + with.itself);
  return distances;
}

// The vector that is all of the mean, if one is.
std::size_t only_one(std::span<const double> weights) {
  const auto found = std::find(weights.begin(), weights.end(), 1.0);
  const bool alone = std::count(weights.begin(), weights.end(), 0.0) + 1 ==
                     static_cast<std::ptrdiff_t>(weights.size());
  // Then the distances from the mean are those from that vector, which are known.
  return alone ? static_cast<std::size_t>(found - weights.begin()) : weights.size();
}

// Up to kBlock coordinates, in double and with zeros after them.
using Row = std::array<double, kBlock>;

template <class Real>
void load(const Real* vector, std::size_t begin, std::size_t count, Row& row) {
  row.fill(0);
  if (vector == nullptr) return;
  for (std::size_t c = 0; c < count; ++c) row[c] = static_cast<double>(vector[begin + c]);
}

void subtract(Row& row, const Row& other) {
  for (std::size_t c = 0; c < kBlock; c += 4)
    lanes::store(lanes::load(row.data() + c) - lanes::load(other.data() + c), row.data() + c);
}

void add_times(double factor, const Row& other, Row& row) {
  const Doubles factors = lanes::spread(factor);
  for (std::size_t c = 0; c < kBlock; c += 4)
    lanes::store(
        lanes::multiply_add(factors, lanes::load(other.data() + c), lanes::load(row.data() + c)),
        row.data() + c);
}

double squared_difference(const Row& a, const Row& b) {
  Doubles sum = lanes::spread(0.0);
  for (std::size_t c = 0; c < kBlock; c += 4) {
    const Doubles difference = lanes::load(a.data() + c) - lanes::load(b.data() + c);
    sum = lanes::multiply_add(difference, difference, sum);
  }
  std::array<double, 4> lane;
  lanes::store(sum, lane.data());
  return (lane[0] + lane[2]) + (lane[1] + lane[3]);
}

// Adds one shard's part of the squared distances of the first `count` vectors.
template <class Real>
void measure_shard(const CentredVectors<Real>& points, std::span<const double> weights,
                   std::size_t nearest, Shard shard, std::span<double> sums) {
  std::vector<Row> rows(points.vectors.size());
  for (std::size_t begin = shard.begin; begin < shard.end; begin += kBlock) {
    const std::size_t count = std::min(kBlock, shard.end - begin);
    Row centre, mean{};
    load(points.vectors[nearest], begin, count, centre);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      load(points.vectors[i], begin, count, rows[i]);
      // From the nearest vector: what remains of the near ones is small, and its digits are kept.
      subtract(rows[i], centre);
      if (weights[i] > 0) add_times(weights[i], rows[i], mean);
    }
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += squared_difference(rows[i], mean);
  }
}

template <class Real>
std::vector<double> measured_distances(const CentredVectors<Real>& points,
                                       std::span<const double> weights, std::size_t nearest,
                                       std::size_t count) {
  std::vector<double> partials(count * shard_count(points.dimension), 0.0);
  for_each_shard(points.executor, points.dimension, [&](Shard shard, std::size_t index) {
    measure_shard(points, weights, nearest, shard,
                  std::span(partials).subspan(index * count, count));
  });
  std::vector<double> distances(count, 0.0);
  for (std::size_t slot = 0; slot < partials.size(); ++slot)
    distances[slot % count] += partials[slot];
  for (std::size_t i = 0; i < count; ++i)
    if (!std::isfinite(distances[i]) || !reachable(points.known.products, i))
      distances[i] = kInfinity;
  return distances;
}

}  // namespace

template <class Real>
CentredVectors<Real> centred_vectors(std::span<const Real* const> vectors, std::size_t dimension,
                                     const Executor& executor) {
  return {vectors, dimension, executor, centred_products<Real>(vectors, dimension, executor)};
}

template <class Real>
std::vector<double> squared_distances_from(const CentredVectors<Real>& points,
                                           std::span<const double> weights, std::size_t count) {
  const auto& [products, squares] = points.known;
  std::vector<double> distances(count);
  const std::size_t one = only_one(weights);
  if (squares && one < weights.size()) {
    for (std::size_t i = 0; i < count; ++i) distances[i] = (*squares)(i, one);
    return distances;
  }
  distances = distances_by_products(products, weights, count);
  const double error = error_of_terms(points);
  const Terms terms(points.known, weights);
  bool cancelled = false;
  for (std::size_t i = 0; i < count; ++i)
    cancelled |=
        // Written so that a NaN counts as cancelled.
        reachable(products, i) && !(error * terms.of(i) <= kTolerated<Real> * distances[i]);
  if (!cancelled) return distances;
  const auto nearest = std::min_element(distances.begin(), distances.end());
  return measured_distances(points, weights, static_cast<std::size_t>(nearest - distances.begin()),
                            count);
}

template CentredVectors<float> centred_vectors(std::span<const float* const>, std::size_t,
                                               const Executor&);
template CentredVectors<double> centred_vectors(std::span<const double* const>, std::size_t,
                                                const Executor&);
template std::vector<double> squared_distances_from(const CentredVectors<float>&,
                                                    std::span<const double>, std::size_t);
template std::vector<double> squared_distances_from(const CentredVectors<double>&,
                                                    std::span<const double>, std::size_t);

}  // namespace byzsim
