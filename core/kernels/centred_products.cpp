// Products from distances where these are near enough to each other, else summed over the
// coordinates around a centre that few vectors cannot move.

#include "core/kernels/centred_products.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "core/kernels/distances.h"
#include "core/kernels/lanes.h"
#include "core/kernels/order_statistics.h"
#include "core/machine/shards.h"

namespace byzsim {
namespace {

using lanes::Doubles;

// Coordinates whose differences are kept at once: few enough for the first-level cache, where each
// is read many times.
constexpr std::size_t kBlock = 128;
// A tile of products, two rows with four, keeps its eight sums in registers.
constexpr std::size_t kTileRows = 2;
constexpr std::size_t kTile = 4;
// Shards whose partial sums are kept at once; they fold in index order whatever this is.
constexpr std::size_t kGroup = 64;

double sum_of_lanes(Doubles values) {
  std::array<double, 4> lane;
  lanes::store(values, lane.data());
  // By halves, in this order on every processor.
  return (lane[0] + lane[2]) + (lane[1] + lane[3]);
}

// Adds the products of rows i, i + 1 with rows j ... j + 3 to those rows of `sums`.
void add_products(const double* rows, std::size_t i, std::size_t j, std::size_t padded,
                  double* sums) {
  const double* const a = rows + i * kBlock;
  const double* const b = rows + j * kBlock;
  Doubles first[kTile], second[kTile];
  for (std::size_t k = 0; k < kTile; ++k) first[k] = second[k] = lanes::spread(0.0);
  for (std::size_t c = 0; c < kBlock; c += 4) {
    const Doubles upper = lanes::load(a + c), lower = lanes::load(a + kBlock + c);
    for (std::size_t k = 0; k < kTile; ++k) {
      const Doubles right = lanes::load(b + k * kBlock + c);
      first[k] = lanes::multiply_add(upper, right, first[k]);
      second[k] = lanes::multiply_add(lower, right, second[k]);
    }
  }
  for (std::size_t k = 0; k < kTile; ++k) {
    sums[i * padded + j + k] += sum_of_lanes(first[k]);
    sums[(i + 1) * padded + j + k] += sum_of_lanes(second[k]);
  }
}

// The products over one shard: `sums` has `padded` rows and columns, the entries
// from the diagonal on are filled.
template <class Real>
void products_of_shard(std::span<const Real* const> vectors, Shard shard, std::size_t padded,
                       double* sums) {
  std::vector<const Real*> rows;
  // The zero vector is written out here, for one shard: it takes part in the centre like any other.
  const std::vector<Real> zero(vectors.back() == nullptr ? shard.size() : 0, Real{0});
  for (const Real* vector : vectors)
    rows.push_back(vector == nullptr ? zero.data() : vector + shard.begin);
  std::vector<Real> centre(shard.size());
  // The lower median is one of the values, so that it is not rounded.
  coordinatewise_median<Real>(rows, 0, shard.size(), Middle::lower, centre.data());
  std::vector<double> differences(padded * kBlock, 0.0);
  for (std::size_t begin = 0; begin < shard.size(); begin += kBlock) {
    const std::size_t count = std::min(kBlock, shard.size() - begin);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      double* const to = differences.data() + i * kBlock;
      for (std::size_t c = 0; c < count; ++c)
        to[c] = static_cast<double>(rows[i][begin + c]) - static_cast<double>(centre[begin + c]);
      // Zeros add nothing to a product, so that every block has one length.
      std::fill(to + count, to + kBlock, 0.0);
    }
    for (std::size_t i = 0; i < padded; i += kTileRows)
      // From the tile of the diagonal on: the matrix is symmetric.
      for (std::size_t j = i - i % kTile; j < padded; j += kTile)
        add_products(differences.data(), i, j, padded, sums);
  }
}

template <class Real>
SymmetricMatrix around_median(std::span<const Real* const> vectors, std::size_t dimension,
                              const Executor& executor) {
  const std::size_t n = vectors.size(), padded = (n + kTile - 1) / kTile * kTile;
  const std::size_t shards = shard_count(dimension), size = padded * padded;
  std::vector<double> totals(size, 0.0);
  for (std::size_t first = 0; first < shards; first += kGroup) {
    const std::size_t count = std::min(kGroup, shards - first);
    std::vector<double> partials(count * size, 0.0);
    executor.for_each(count, [&](std::size_t index) {
      products_of_shard(vectors, shard_at(dimension, first + index), padded,
                        partials.data() + index * size);
    });
    // In index order, whichever shard was done first.
    for (std::size_t slot = 0; slot < partials.size(); ++slot)
      totals[slot % size] += partials[slot];
  }
  SymmetricMatrix products(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i; j < n; ++j) products.set(i, j, totals[i * padded + j]);
  return products;
}

// Distances lie this much apart (as squares) at most where products are taken from them: what the
// farthest vectors' rounding adds to the others is then 1e-3 of theirs at most, and a weight that
// falls with the distance takes that away again.
constexpr double kMostApart = 1e5;

// The vector nearest to most others, by the median of its distances, when all are near enough.
std::optional<std::size_t> vector_amid(const DistanceMatrix& squares) {
  const std::size_t n = squares.n();
  std::size_t amid = 0;
  double least = std::numeric_limits<double>::infinity(), largest = 0;
  std::vector<double> row(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      row[j] = squares(i, j);
      largest = std::max(largest, row[j]);
    }
    const auto middle = row.begin() + static_cast<std::ptrdiff_t>(n / 2);
    std::nth_element(row.begin(), middle, row.end());
    // Of equal ones the first.
    if (*middle < least) least = *middle, amid = i;
  }
  // False as well when a distance is not finite.
  if (largest <= kMostApart * least && std::isfinite(largest)) return amid;
  return std::nullopt;
}

SymmetricMatrix seen_from_vector(const DistanceMatrix& squares, std::size_t centre) {
  SymmetricMatrix products(squares.n());
  for (std::size_t i = 0; i < squares.n(); ++i)
    for (std::size_t j = i; j < squares.n(); ++j)
      // From |a - b|^2 = |a|^2 + |b|^2 - 2 a b, with lengths as seen from the centre.
      products.set(i, j, (squares(i, centre) + squares(j, centre) - squares(i, j)) / 2);
  return products;
}

}  // namespace

template <class Real>
CentredProducts centred_products(std::span<const Real* const> vectors, std::size_t dimension,
                                 const Executor& executor) {
  // One vector has no distances to tell anything from.
  if (vectors.size() < 2) return {around_median(vectors, dimension, executor), std::nullopt};
  DistanceMatrix squares = squared_distances(vectors, dimension, executor);
  const std::optional<std::size_t> amid = vector_amid(squares);
  if (!amid) return {around_median(vectors, dimension, executor), std::nullopt};
  SymmetricMatrix products = seen_from_vector(squares, *amid);
  return {std::move(products), std::move(squares)};
}

bool reachable(const SymmetricMatrix& products, std::size_t i) {
  return std::isfinite(products(i, i));
}

std::vector<double> equal_weights(const SymmetricMatrix& products, std::size_t n) {
  double count = 0;
  for (std::size_t i = 0; i < n; ++i) count += reachable(products, i) ? 1 : 0;
  if (count == 0) return {};
  std::vector<double> weights(products.n(), 0.0);
  for (std::size_t i = 0; i < n; ++i) weights[i] = reachable(products, i) ? 1 / count : 0;
  return weights;
}

WithMean with_mean(const SymmetricMatrix& products, std::span<const double> weights) {
  const std::size_t n = products.n();
  WithMean with{std::vector<double>(n, 0.0)};
  for (std::size_t i = 0; i < n; ++i) {
    if (!reachable(products, i)) continue;
    for (std::size_t j = 0; j < n; ++j)
      // Without weight it may be out of reach, and 0 times its product NaN.
      if (weights[j] > 0) with.vectors[i] += weights[j] * products(i, j);
    if (weights[i] > 0) with.itself += weights[i] * with.vectors[i];
  }
  return with;
}

SymmetricMatrix seen_from(const SymmetricMatrix& products, std::span<const double> weights) {
  const WithMean with = with_mean(products, weights);
  SymmetricMatrix seen(products.n());
  for (std::size_t i = 0; i < seen.n(); ++i)
    for (std::size_t j = i; j < seen.n(); ++j)
      if (reachable(products, i) && reachable(products, j))
        seen.set(i, j, products(i, j) - with.vectors[i] - with.vectors[j] + with.itself);
  return seen;
}

template CentredProducts centred_products(std::span<const float* const>, std::size_t,
                                          const Executor&);
template CentredProducts centred_products(std::span<const double* const>, std::size_t,
                                          const Executor&);

}  // namespace byzsim
