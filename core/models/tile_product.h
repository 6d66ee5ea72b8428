// The product that convolutions are made of: six rows by one panel of neighbouring columns, kept in
// twelve registers. The rows are read where they lie, at any stride, so that no matrix of patches
// is ever written.
//
// Each sum is one chain of fused multiply-adds in ascending order, so its bits depend on the values
// alone: on no address, compiler or optimisation level.
#pragma once

#include <algorithm>
#include <cstddef>

#include "core/kernels/lanes.h"

namespace byzsim {

constexpr std::size_t kTileRows = 6;
/// Columns of a panel: two registers.
template <class Real>
constexpr std::size_t kPanel = 64 / sizeof(Real);

/// `count` rounded up to whole tiles or panels.
constexpr std::size_t whole(std::size_t count, std::size_t part) {
  return (count + part - 1) / part * part;
}

/// Writes `depth` rows of `columns` values, a row every `stride`, panel by panel, row by row; the
/// last panel is filled up with zeros. `panels` has room for depth x whole(columns, kPanel).
template <class Real>
void pack_panels(const Real* values, std::size_t depth, std::size_t columns, std::size_t stride,
                 Real* panels) {
  constexpr std::size_t width = kPanel<Real>;
  for (std::size_t begin = 0; begin < columns; begin += width) {
    const std::size_t used = std::min(width, columns - begin);
    for (std::size_t k = 0; k < depth; ++k, panels += width) {
      std::copy_n(values + k * stride + begin, used, panels);
      std::fill_n(panels + used, width - used, Real{0});
    }
  }
}

/// Where the values of a row lie: `runs` runs of `length` values each.
struct Runs {
  std::size_t runs, run_stride;
  std::size_t length, stride;
  std::size_t depth() const { return runs * length; }
};

namespace tile {

/// One row of a tile: a panel's width of sums.
template <class Real>
struct Sums {
  static constexpr std::size_t kHalf = kPanel<Real> / 2;
  using Lanes = decltype(lanes::load_whole(static_cast<const Real*>(nullptr)));
  Lanes low, high;

  [[gnu::always_inline]] explicit Sums(const Real* from)
      : low(lanes::load_whole(from)), high(lanes::load_whole(from + kHalf)) {}
  [[gnu::always_inline]] void add(Real factor, Lanes panel_low, Lanes panel_high) {
    const Lanes factors = lanes::spread(factor);
    low = lanes::multiply_add(factors, panel_low, low);
    high = lanes::multiply_add(factors, panel_high, high);
  }
  [[gnu::always_inline]] void store_to(Real* to) const {
    lanes::store(low, to);
    lanes::store(high, to + kHalf);
  }
};

}  // namespace tile

/// sums[r][j] += sum over k of rows[r][k] * panel[k][j], where k goes through the runs. `sums` has
/// a row every `sums_stride`. Written without loops over the registers: compilers then keep them.
template <class Real>
void add_tile_product(const Real* const (&rows)[kTileRows], const Runs& runs, const Real* panel,
                      Real* sums, std::size_t sums_stride) {
  using Sums = tile::Sums<Real>;
  Sums a(sums), b(sums + sums_stride), c(sums + 2 * sums_stride), d(sums + 3 * sums_stride),
      e(sums + 4 * sums_stride), f(sums + 5 * sums_stride);
  for (std::size_t run = 0; run < runs.runs; ++run) {
    const std::size_t begin = run * runs.run_stride, end = begin + runs.length * runs.stride;
    for (std::size_t k = begin; k != end; k += runs.stride, panel += kPanel<Real>) {
      const auto low = lanes::load_whole(panel), high = lanes::load_whole(panel + Sums::kHalf);
      a.add(rows[0][k], low, high);
      b.add(rows[1][k], low, high);
      c.add(rows[2][k], low, high);
      d.add(rows[3][k], low, high);
      e.add(rows[4][k], low, high);
      f.add(rows[5][k], low, high);
    }
  }
  a.store_to(sums);
  b.store_to(sums + sums_stride);
  c.store_to(sums + 2 * sums_stride);
  d.store_to(sums + 3 * sums_stride);
  e.store_to(sums + 4 * sums_stride);
  f.store_to(sums + 5 * sums_stride);
}

}  // namespace byzsim
