// Coordinate by coordinate, many at once: sorted values first, then one expression over the ranks.

#include "core/kernels/order_statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <type_traits>
#include <vector>

#include "core/check.h"
#include "core/kernels/lane_group.h"
#include "core/kernels/selection_kernels.h"
#include "core/kernels/sorted_block.h"

namespace byzsim {
namespace {

using lanes::Doubles;
using lanes::store_group;

using Group = lanes::HalfGroup;

template <class Operation>
[[gnu::always_inline]] inline Group each(const Operation& operation) {
  return lanes::each<Group>(operation);
}

template <class Real>
Group load_group(const Real* values) {
  return lanes::load_group<Group>(values);
}

template <class Real>
constexpr std::size_t kLanes = SortedBlock<Real>::kLanes;
template <class Real>
constexpr double kLargest = std::numeric_limits<Real>::max();

// A value as it enters a sum: floats as they are, doubles times a power of two.
template <class Real>
Group scaled(const Group& values, double scale) {
  // Sums of floats in double cannot overflow.
  if constexpr (std::is_same_v<Real, float>) return values;
  return each([&](std::size_t k) { return values.part[k] * scale; });
}

// What a sum begins with: x + -0 is x for every x.
Group nothing() {
  return each([](std::size_t) { return lanes::spread(-0.0); });
}

// sum(1) / count. Sums of huge doubles overflow: those are taken again of 2^-64 times the values.
template <class Real, class Sum>
Group mean_from(const Sum& sum, double count) {
  Group mean = lanes::mean_of_sum<Real>(sum(1.0), count);
  if constexpr (std::is_same_v<Real, double>) {
    std::array<double, Group::kSize> plain, small;
    store_group(mean, plain.data());
    if (std::none_of(plain.begin(), plain.end(), [](double x) { return std::isinf(x); }))
      return mean;
    store_group(lanes::mean_of_sum<Real>(sum(0x1p-64), count), small.data());
    for (std::size_t lane = 0; lane < Group::kSize; ++lane)
      if (std::isinf(plain[lane]) && std::isfinite(small[lane]))
        // The mean of finite values is finite; rounding alone may carry it just beyond.
        plain[lane] = std::clamp(small[lane] * 0x1p64, -kLargest<double>, kLargest<double>);
    mean = load_group(plain.data());
  }
  return mean;
}

// --- what is made of sorted values

// Of the ranks first ... end - 1, in ascending order.
template <class Real>
Group sum_of_ranks(const SortedBlock<Real>& block, std::size_t lane, std::size_t first,
                   std::size_t end, double scale) {
  Group total = nothing();
  for (std::size_t rank = first; rank < end; ++rank)
    total = add(total, scaled<Real>(load_group(block.row(rank) + lane), scale));
  return total;
}

template <class Real>
Group trimmed_mean(const SortedBlock<Real>& block, std::size_t lane, std::size_t trim) {
  const auto sum = [&](double scale) {
    return sum_of_ranks(block, lane, trim, block.n() - trim, scale);
  };
  return mean_from<Real>(sum, static_cast<double>(block.n() - 2 * trim));
}

template <class Real>
Group middle_of(const SortedBlock<Real>& block, std::size_t lane, Middle middle) {
  // As doubles: a centre is compared with values and must not be rounded to one of them.
  const Group low = load_group(block.row((block.n() - 1) / 2) + lane);
  const Group high = load_group(block.row(block.n() / 2) + lane);
  if (middle != Middle::mean || block.n() % 2 == 1) return middle == Middle::upper ? high : low;
  return each([&](std::size_t k) { return lanes::midpoint(low.part[k], high.part[k]); });
}

// `sum_of_staying` is the sum of the ranks n - count ... count - 1: Phocas' centre is their mean.
template <class Real>
Group place_of(const SortedBlock<Real>& block, std::size_t lane, const Centre& centre,
               const Group& sum_of_staying, std::size_t count) {
  Group place;
  if (const auto* const median = std::get_if<MedianCentre>(&centre)) {
    place = middle_of(block, lane, median->middle);
  } else {
    const std::size_t trim = std::get<TrimmedMeanCentre>(centre).trim;
    // Then the ranks that stay are those that are not trimmed; their sum is there already.
    const bool is_known = std::is_same_v<Real, float> && trim + count == block.n();
    place = is_known ? lanes::mean_of_sum<Real>(sum_of_staying,
                                                static_cast<double>(block.n() - 2 * trim))
                     : trimmed_mean(block, lane, trim);
  }
  // A finite centre leaves infinities outside; a NaN, half-way between them, counts as +infinity.
  return each([&](std::size_t k) { return lanes::clamp(place.part[k], kLargest<Real>); });
}

// Where the middle of two values lies below the centre. Sums of floats are halved without rounding.
template <class Real>
lanes::Mask middle_is_below(Doubles low, Doubles high, Doubles centre) {
  if constexpr (std::is_same_v<Real, float>) return lanes::less(low + high, centre + centre);
  return lanes::less(lanes::midpoint(low, high), centre);
}

// The nearest values are neighbours in order. Their window moves up from rank r when the value that
// would enter, at rank r + count, is nearer than the one that would leave: when the centre lies
// beyond the middle of the two. Once it does not move at a rank it moves at none above. So each
// value that is in the lowest window and may leave it has one place, taken by what entered in its
// stead; these are added after the values that stay in any case.
template <class Real>
Group mean_nearest(const SortedBlock<Real>& block, std::size_t lane, std::size_t count,
                   const Centre& centre) {
  const std::size_t n = block.n(), moves = n - count;
  const auto at = [&](std::size_t rank) { return load_group(block.row(rank) + lane); };
  const auto staying = [&](double scale) { return sum_of_ranks(block, lane, moves, count, scale); };
  const Group sum_of_staying = staying(1.0);
  const Group place = place_of(block, lane, centre, sum_of_staying, count);
  const auto in_place = [&](std::size_t first) {
    Group value = at(first);
    for (std::size_t rank = first; rank < moves; rank += count) {
      const Group leaving = at(rank), entering = at(rank + count);
      value = each([&](std::size_t k) {
        return lanes::choose(
            middle_is_below<Real>(leaving.part[k], entering.part[k], place.part[k]),
            entering.part[k], value.part[k]);
      });
    }
    return value;
  };
  const auto sum = [&](double scale) {
    Group total = scale == 1.0 ? sum_of_staying : staying(scale);
    for (std::size_t first = 0; first < std::min(moves, count); ++first)
      total = add(total, scaled<Real>(in_place(first), scale));
    return total;
  };
  return mean_from<Real>(sum, static_cast<double>(count));
}

// --- the loop over a range

// Sorts block by block, keeping the ranks first ... last, and writes finish(block, lane) for every
// group of lanes.
template <class Real, class Finish>
void for_each_block(std::span<const Real* const> vectors, std::size_t begin, std::size_t end,
                    std::size_t first, std::size_t last, Real* out, const Finish& finish) {
  SortedBlock<Real> block(vectors.size(), first, last);
  std::array<Real, kLanes<Real>> results;
  for (std::size_t c = begin; c < end; c += kLanes<Real>) {
    const std::size_t count = std::min(kLanes<Real>, end - c);
    block.load(vectors, c, count);
    // Whole groups are written; the last coordinates take a way round.
    const bool has_room = count % Group::kSize == 0;
    Real* const to = has_room ? out + c : results.data();
    for (std::size_t lane = 0; lane < count; lane += Group::kSize) finish(block, lane, to + lane);
    if (!has_room) std::copy_n(to, count, out + c);
  }
}

float midpoint(float low, float high) {
  return static_cast<float>(0.5 * (static_cast<double>(low) + static_cast<double>(high)));
}

double midpoint(double low, double high) {
  const double sum = low + high;
  return std::fabs(sum) <= std::numeric_limits<double>::max() ? 0.5 * sum : 0.5 * low + 0.5 * high;
}

}  // namespace

template <class Real>
void coordinatewise_median(std::span<const Real* const> vectors, std::size_t begin, std::size_t end,
                           Middle middle, Real* out) {
  const std::size_t n = vectors.size();
  BYZ_CHECK(n >= 1, "the median of no vectors does not exist");
  if constexpr (std::is_same_v<Real, float>) {
    if (n <= kKernelVectors) {
      // Kernels take whole registers; the rest goes through a block, with the same bits.
      const std::size_t whole = begin + (end - begin) / kKernelLanes * kKernelLanes;
      median_kernel(n)(vectors.data(), begin, whole, middle, out);
      begin = whole;
    }
  }
  if (begin == end) return;
  // Only the ranks that are asked for: a network needs far fewer comparators for them.
  const std::size_t first = middle == Middle::upper ? n / 2 : (n - 1) / 2;
  const std::size_t last = middle == Middle::lower ? (n - 1) / 2 : n / 2;
  for_each_block(vectors, begin, end, first, last, out,
                 [=](const SortedBlock<Real>& block, std::size_t lane, Real* results) {
                   const Real* const low = block.row(first) + lane;
                   const Real* const high = block.row(last) + lane;
                   for (std::size_t i = 0; i < Group::kSize; ++i)
                     results[i] = first == last ? low[i] : midpoint(low[i], high[i]);
                 });
}

template <class Real>
void coordinatewise_trimmed_mean(std::span<const Real* const> vectors, std::size_t begin,
                                 std::size_t end, std::size_t trim, Real* out) {
  const std::size_t n = vectors.size();
  BYZ_CHECK(2 * trim < n, "trimming must leave a value");
  for_each_block(vectors, begin, end, trim, n - trim - 1, out,
                 [=](const SortedBlock<Real>& block, std::size_t lane, Real* results) {
                   store_group(trimmed_mean(block, lane, trim), results);
                 });
}

template <class Real>
void coordinatewise_mean_nearest(std::span<const Real* const> vectors, std::size_t begin,
                                 std::size_t end, std::size_t count, Centre centre, Real* out) {
  const std::size_t n = vectors.size();
  BYZ_CHECK(count >= 1 && count <= n, "of n values 1 to n can be the nearest");
  const auto* const trimmed = std::get_if<TrimmedMeanCentre>(&centre);
  BYZ_CHECK(trimmed == nullptr || 2 * trimmed->trim < n, "trimming must leave a value");
  for_each_block(vectors, begin, end, 0, n - 1, out,
                 [&](const SortedBlock<Real>& block, std::size_t lane, Real* results) {
                   store_group(mean_nearest(block, lane, count, centre), results);
                 });
}

template void coordinatewise_median(std::span<const float* const>, std::size_t, std::size_t, Middle,
                                    float*);
template void coordinatewise_median(std::span<const double* const>, std::size_t, std::size_t,
                                    Middle, double*);
template void coordinatewise_trimmed_mean(std::span<const float* const>, std::size_t, std::size_t,
                                          std::size_t, float*);
template void coordinatewise_trimmed_mean(std::span<const double* const>, std::size_t, std::size_t,
                                          std::size_t, double*);
template void coordinatewise_mean_nearest(std::span<const float* const>, std::size_t, std::size_t,
                                          std::size_t, Centre, float*);
template void coordinatewise_mean_nearest(std::span<const double* const>, std::size_t, std::size_t,
                                          std::size_t, Centre, double*);

}  // namespace byzsim
