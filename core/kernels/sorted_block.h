// A block of coordinates of n vectors, each coordinate's n values sorted. Ranks count from 0, the
// lowest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "core/kernels/selection_network.h"

namespace byzsim {

/// Room for one block, made once and filled again for each block of a range.
template <class Real>
class SortedBlock {
 public:
  /// Coordinates of a block: enough for whole registers, few enough that the values of some fifty
  /// vectors stay in the first-level cache.
  static constexpr std::size_t kLanes = 64;

  /// For n vectors, of which only the ranks first ... last will be asked for.
  SortedBlock(std::size_t n, std::size_t first, std::size_t last);

  std::size_t n() const { return n_; }
  /// Sorts the coordinates c ... c + count - 1, count <= kLanes. NaN counts as +infinity and -0
  /// stands before +0.
  void load(std::span<const Real* const> vectors, std::size_t c, std::size_t count);
  /// The values of a rank; beyond the loaded ones something that was there before.
  const Real* row(std::size_t rank) const { return values_[rank].lanes; }

 private:
  using Key = std::conditional_t<std::is_same_v<Real, float>, std::int32_t, std::int64_t>;

  void sort_by_kernel(std::span<const Real* const> vectors, std::size_t c, std::size_t count);
  void sort_by_network(std::span<const Real* const> vectors, std::size_t c, std::size_t count);
  void load_keys(std::span<const Real* const> vectors, std::size_t c, std::size_t count);
  void sort_by_columns(std::span<const Real* const> vectors, std::size_t c, std::size_t count);

  std::size_t n_, first_, last_;
  // Aligned, so that no register lies across two cache lines.
  struct alignas(64) Row {
    Real lanes[kLanes];
  };
  std::vector<Row> values_;        // n of them
  std::vector<Key> keys_;          // as many, when sorted by network
  std::vector<std::size_t> runs_;  // of vectors that a kernel sorts before a network does the rest
  SelectionNetwork network_;       // empty when sorted otherwise
};

}  // namespace byzsim
