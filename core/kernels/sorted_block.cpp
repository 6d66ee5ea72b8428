// Three ways to sort, by the number of vectors and their type. All compare the same keys, so that
// they give the same bits.

#include "core/kernels/sorted_block.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "core/check.h"
#include "core/kernels/selection_kernels.h"

namespace byzsim {
namespace {

// A network grows as n log^2 n; beyond this many vectors each coordinate is sorted by itself.
constexpr std::size_t kNetworkVectors = 4096;

// A signed integer that orders like the value: the bits of a positive number, those of a negative
// one with all but the sign flipped. Applied twice it gives the bits back.
template <class Key>
Key flip_negative(Key bits) {
  return bits ^ ((bits >> (8 * sizeof(Key) - 1)) & std::numeric_limits<Key>::max());
}

template <class Key, class Real>
Key to_key(Real value) {
  const Real settled = value == value ? value : std::numeric_limits<Real>::infinity();
  return flip_negative(std::bit_cast<Key>(settled));
}

template <class Real, class Key>
Real from_key(Key key) {
  return std::bit_cast<Real>(flip_negative(key));
}

template <std::size_t kLanes, class Key>
void put_rows_in_order(Key* __restrict low, Key* __restrict high) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const Key a = low[lane], b = high[lane];
    // Without a branch, so that compilers use registers of many lanes.
    low[lane] = a < b ? a : b;
    high[lane] = a < b ? b : a;
  }
}

template <class Real>
bool has_kernel(std::size_t n) {
  return std::is_same_v<Real, float> && n <= kKernelVectors;
}

// Of about equal length, so few that a kernel sorts each.
std::vector<std::size_t> runs_of(std::size_t n) {
  std::vector<std::size_t> runs;
  for (std::size_t left = (n + kKernelVectors - 1) / kKernelVectors, rest = n; left > 0; --left) {
    runs.push_back(rest / left);
    rest -= runs.back();
  }
  return runs;
}

// Writes the ranks of the coordinates c ... c + count - 1 of as many vectors as have a kernel: rank
// r from rows[r * stride] on.
void write_ranks(std::span<const float* const> vectors, std::size_t c, std::size_t count,
                 Ranks ranks, std::size_t stride, float* to) {
  const SortKernel sort = sort_kernel(vectors.size());
  const std::size_t rest = count % kKernelLanes, whole = count - rest;
  sort(vectors.data(), c, c + whole, ranks, stride, to);
  if (rest == 0) return;
  // Kernels read whole registers: the last coordinates are copied to where there is room.
  std::array<float, kKernelVectors * kKernelLanes> copies{};
  std::array<const float*, kKernelVectors> rows{};
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    float* const row = copies.data() + i * kKernelLanes;
    std::copy_n(vectors[i] + c + whole, rest, row);
    rows[i] = row;
  }
  sort(rows.data(), 0, kKernelLanes, ranks, stride, to + whole);
}

}  // namespace

template <class Real>
SortedBlock<Real>::SortedBlock(std::size_t n, std::size_t first, std::size_t last)
    : n_(n), first_(first), last_(last), values_(n) {
  BYZ_CHECK(first <= last && last < n, "ranks of a sorted block run from 0 to n - 1");
  if (has_kernel<Real>(n)) return;
  if (n <= kNetworkVectors) {
    if constexpr (std::is_same_v<Real, float>) {
      runs_ = runs_of(n);
      network_ = merging_network(runs_, first, last);
    } else {
      network_ = selection_network(n, first, last);
    }
    keys_.resize(n * kLanes);
  } else {
    keys_.resize(n);
  }
}

template <class Real>
void SortedBlock<Real>::load(std::span<const Real* const> vectors, std::size_t c,
                             std::size_t count) {
  if (has_kernel<Real>(n_))
    sort_by_kernel(vectors, c, count);
  else if (n_ <= kNetworkVectors)
    sort_by_network(vectors, c, count);
  else
    sort_by_columns(vectors, c, count);
}

template <class Real>
void SortedBlock<Real>::sort_by_kernel(std::span<const Real* const> vectors, std::size_t c,
                                       std::size_t count) {
  if constexpr (std::is_same_v<Real, float>)
    write_ranks(vectors, c, count, {first_, last_}, kLanes, values_[0].lanes);
}

// Keys of floats are in order within each run, those of doubles as they come.
template <class Real>
void SortedBlock<Real>::load_keys(std::span<const Real* const> vectors, std::size_t c,
                                  std::size_t count) {
  if constexpr (std::is_same_v<Real, float>) {
    std::size_t row = 0;
    for (const std::size_t length : runs_) {
      write_ranks(vectors.subspan(row, length), c, count, {0, length - 1}, kLanes,
                  values_[row].lanes);
      row += length;
    }
    for (std::size_t i = 0; i < n_; ++i)
      std::transform(values_[i].lanes, values_[i].lanes + count, keys_.data() + i * kLanes,
                     to_key<Key, Real>);
  } else {
    for (std::size_t i = 0; i < n_; ++i)
      std::transform(vectors[i] + c, vectors[i] + c + count, keys_.data() + i * kLanes,
                     to_key<Key, Real>);
  }
}

template <class Real>
void SortedBlock<Real>::sort_by_network(std::span<const Real* const> vectors, std::size_t c,
                                        std::size_t count) {
  const auto keys_of = [&](std::size_t row) { return keys_.data() + row * kLanes; };
  load_keys(vectors, c, count);
  for (const Comparator& comparator : network_.comparators)
    put_rows_in_order<kLanes>(keys_of(comparator.low), keys_of(comparator.high));
  for (std::size_t rank = first_; rank <= last_; ++rank) {
    const Key* const sorted = keys_of(network_.places[rank]);
    std::transform(sorted, sorted + count, values_[rank].lanes, from_key<Real, Key>);
  }
}

template <class Real>
void SortedBlock<Real>::sort_by_columns(std::span<const Real* const> vectors, std::size_t c,
                                        std::size_t count) {
  const auto at = [&](std::size_t rank) {
    return keys_.begin() + static_cast<std::ptrdiff_t>(rank);
  };
  for (std::size_t lane = 0; lane < count; ++lane) {
    for (std::size_t i = 0; i < n_; ++i) keys_[i] = to_key<Key>(vectors[i][c + lane]);
    // Brings the ranks that are asked for together, before only these are sorted.
    std::nth_element(at(0), at(first_), at(n_));
    std::partial_sort(at(first_), at(last_ + 1), at(n_));
    for (std::size_t rank = first_; rank <= last_; ++rank)
      values_[rank].lanes[lane] = from_key<Real>(keys_[rank]);
  }
}

template class SortedBlock<float>;
template class SortedBlock<double>;

}  // namespace byzsim
