// Sums in 16 lanes whatever the instruction set: registers hold them four by four, and their number
// is part of the result.

#include "core/kernels/vector_kernels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <type_traits>
#include <vector>

#include "core/check.h"
#include "core/kernels/lane_group.h"
#include "core/machine/shards.h"

namespace byzsim {
namespace {

constexpr std::size_t kLanes = 16;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Sum of a term of every coordinate, in the lanes and the tree the header promises. The term is
// given a function that loads what it needs of a vector: four coordinates at once, or one.
template <class Term>
double sum_in_lanes(std::size_t count, const Term& term) {
  constexpr std::size_t kRegisters = kLanes / 4;
  lanes::Doubles registers[kRegisters] = {};
  const std::size_t whole = count - count % kLanes;
  for (std::size_t c = 0; c < whole; c += kLanes)
    for (std::size_t k = 0; k < kRegisters; ++k)
      registers[k] += term([at = c + 4 * k](auto from) { return lanes::load_doubles(from + at); });
  std::array<double, kLanes> sums;
  for (std::size_t k = 0; k < kRegisters; ++k) lanes::store(registers[k], sums.data() + 4 * k);
  for (std::size_t c = whole; c < count; ++c)
    // The last coordinates go to the lanes that a whole round would have given them.
    sums[c - whole] += term([c](auto from) { return static_cast<double>(from[c]); });
  for (std::size_t width = kLanes / 2; width > 0; width /= 2)
    for (std::size_t lane = 0; lane < width; ++lane) sums[lane] += sums[lane + width];
  return sums[0];
}

// Of terms that are given one coordinate, or four.
double lesser(double a, double b) { return a < b ? a : b; }
double greater(double a, double b) { return a > b ? a : b; }
lanes::Doubles lesser(lanes::Doubles a, lanes::Doubles b) { return lanes::lesser_of(a, b); }
lanes::Doubles greater(lanes::Doubles a, lanes::Doubles b) { return lanes::greater_of(a, b); }

// The length of a sum of squares; +infinity when any coordinate was not finite.
double root_of(double total) { return std::isfinite(total) ? std::sqrt(total) : kInfinity; }

template <class ShardSum>
double sum_of_shards(std::size_t dimension, const ShardSum& shard_sum) {
  double total = 0;
  for (std::size_t index = 0; index < shard_count(dimension); ++index)
    total += shard_sum(shard_at(dimension, index));
  return total;
}

// Coordinates at once: more of those that need not be converted.
template <class Real, class Stored>
using GroupFor = lanes::GroupOf<std::is_same_v<Real, Stored> ? 4 : 8>;

// The means of a group of coordinates, summed in the order of the vectors. Which of two NaNs a sum
// keeps is up to the compiler: all become the same one.
template <class Real, class Stored, class Group = GroupFor<Real, Stored>>
[[gnu::always_inline]] inline Group mean_at(std::span<const Stored* const> vectors, std::size_t c) {
  Group sum = lanes::load_group<Group>(vectors[0] + c);
  for (const Stored* vector : vectors.subspan(1))
    sum = add(sum, lanes::load_group<Group>(vector + c));
  // Converted rows are in the cache already.
  if constexpr (std::is_same_v<Real, Stored>) lanes::prefetch_rows(vectors, c);
  const auto mean = lanes::mean_of_sum<Real>(sum, static_cast<double>(vectors.size()));
  return lanes::each<Group>([&](std::size_t k) { return lanes::with_one_nan(mean.part[k]); });
}

// The mean of finite doubles whose sum overflowed: summed 2^-32 times as large.
double mean_of_huge(std::span<const double* const> vectors, std::size_t c) {
  double sum = 0;
  for (const double* vector : vectors) sum += vector[c] * 0x1p-32;
  const double mean = sum / static_cast<double>(vectors.size()) * 0x1p32;
  constexpr double kLargest = std::numeric_limits<double>::max();
  const bool inputs_finite = std::isfinite(sum);
  // An infinity among the inputs stays one; only overflow is taken back.
  return inputs_finite ? std::clamp(mean, -kLargest, kLargest) : mean;
}

template <class Real, class Stored>
void take_mean(std::span<const Stored* const> vectors, std::size_t begin, std::size_t end,
               Real* out) {
  BYZ_CHECK(!vectors.empty(), "the mean of no vectors does not exist");
  using Group = GroupFor<Real, Stored>;
  const std::size_t rest = (end - begin) % Group::kSize;
  std::size_t c = begin;
  for (; c < end - rest; c += Group::kSize) lanes::store_group(mean_at<Real>(vectors, c), out + c);
  if (rest > 0) {
    // The last coordinates, where there is room for a group.
    std::vector<Stored> copies(vectors.size() * Group::kSize);
    std::vector<const Stored*> rows;
    for (std::size_t i = 0; i < vectors.size(); ++i) {
      Stored* const row = copies.data() + i * Group::kSize;
      std::copy_n(vectors[i] + c, rest, row);
      rows.push_back(row);
    }
    std::array<Real, Group::kSize> means;
    lanes::store_group(mean_at<Real, Stored>(rows, 0), means.data());
    std::copy_n(means.data(), rest, out + c);
  }
  if constexpr (std::is_same_v<Real, double>)
    for (c = begin; c < end; ++c)
      if (std::isinf(out[c])) out[c] = mean_of_huge(vectors, c);
}

}  // namespace

template <class Real>
double squared_distance(const Real* a, const Real* b, std::size_t count) {
  return sum_in_lanes(count, [=](auto load) {
    const auto difference = load(a) - load(b);
    return difference * difference;
  });
}

template <class Real>
double squared_norm(const Real* a, std::size_t count) {
  return sum_in_lanes(count, [=](auto load) {
    const auto value = load(a);
    return value * value;
  });
}

double distance(std::span<const float> a, std::span<const float> b) {
  BYZ_CHECK(a.size() == b.size(), "only vectors of equal length have a distance");
  return root_of(sum_of_shards(a.size(), [&](Shard shard) {
    return squared_distance(a.data() + shard.begin, b.data() + shard.begin, shard.size());
  }));
}

double product_with_difference(std::span<const float> a, std::span<const float> b,
                               std::span<const float> c) {
  BYZ_CHECK(a.size() == b.size() && a.size() == c.size(), "products need vectors of equal length");
  return sum_of_shards(a.size(), [&](Shard shard) {
    return sum_in_lanes(shard.size(), [&](auto load) {
      return (load(a.data() + shard.begin) - load(b.data() + shard.begin)) *
             load(c.data() + shard.begin);
    });
  });
}

double product_of_differences(std::span<const float> a, std::span<const float> b,
                              std::span<const float> c, std::span<const float> d) {
  BYZ_CHECK(a.size() == b.size() && a.size() == c.size() && a.size() == d.size(),
            "products need vectors of equal length");
  return sum_of_shards(a.size(), [&](Shard shard) {
    return sum_in_lanes(shard.size(), [&](auto load) {
      return (load(a.data() + shard.begin) - load(b.data() + shard.begin)) *
             (load(c.data() + shard.begin) - load(d.data() + shard.begin));
    });
  });
}

double sum_of_widths(std::span<const float* const> vectors, std::size_t dimension) {
  BYZ_CHECK(!vectors.empty(), "a width is one of vectors");
  return sum_of_shards(dimension, [&](Shard shard) {
    return sum_in_lanes(shard.size(), [&](auto load) {
      auto low = load(vectors[0] + shard.begin), high = low;
      for (const float* vector : vectors.subspan(1)) {
        const auto value = load(vector + shard.begin);
        low = lesser(value, low), high = greater(value, high);
      }
      return high - low;
    });
  });
}

double norm(std::span<const float> a) {
  return root_of(sum_of_shards(
      a.size(), [&](Shard shard) { return squared_norm(a.data() + shard.begin, shard.size()); }));
}

template <class Real>
bool all_finite(const Real* a, std::size_t count) {
  constexpr std::size_t kBlock = 1024;  // long enough to vectorise, short enough to stop early
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    const std::size_t end = std::min(count, begin + kBlock);
    int strange = 0;
    for (std::size_t c = begin; c < end; ++c)
      // The comparison is false beside a NaN, too.
      strange |= !(std::fabs(a[c]) <= std::numeric_limits<Real>::max());
    if (strange) return false;
  }
  return true;
}

template <class Real>
void mean_of(std::span<const Real* const> vectors, std::size_t begin, std::size_t end, Real* out) {
  take_mean(vectors, begin, end, out);
}

void mean_of(std::span<const double* const> vectors, std::size_t begin, std::size_t end,
             float* out) {
  take_mean(vectors, begin, end, out);
}

template double squared_distance(const float*, const float*, std::size_t);
template double squared_distance(const double*, const double*, std::size_t);
template double squared_norm(const float*, std::size_t);
template double squared_norm(const double*, std::size_t);
template bool all_finite(const float*, std::size_t);
template bool all_finite(const double*, std::size_t);
template void mean_of(std::span<const float* const>, std::size_t, std::size_t, float*);
template void mean_of(std::span<const double* const>, std::size_t, std::size_t, double*);

}  // namespace byzsim
