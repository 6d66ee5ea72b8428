// The product that dense layers and convolutions are made of: up to six rows by one panel of
// neighbouring columns, kept in twelve registers. The rows are read where they lie, at any stride,
// so that no matrix of patches is ever written.
//
// Each sum is one chain of fused multiply-adds in ascending order that begins with what was there.
// Every product is computed, those with zeros too, so that infinities and NaN reach the sum. Its
// bits depend on the values alone: on no address, instruction set, compiler or optimisation level.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/kernels/lanes.h"

namespace byzsim {

/// Rows of a tile: with two registers of sums each, twelve of sixteen registers.
constexpr std::size_t kTileRows = 6;
/// Columns of a panel: two registers.
template <class Real>
constexpr std::size_t kPanel = 2 * lanes::kCount<Real>;
/// Bytes of a panel that stay in the first-level cache beside what its rows are multiplied with.
constexpr std::size_t kPanelBytes = 20480;

/// `count` rounded up to whole panels or registers.
constexpr std::size_t whole(std::size_t count, std::size_t part) {
  return (count + part - 1) / part * part;
}

/// Rows of neighbouring values, one every `stride`.
template <class Real>
struct Rows {
  Real* values;
  std::size_t stride;
};

/// Writes `depth` rows of `columns` values, panel by panel, row by row; the last panel is filled up
/// with zeros. `panels` has room for depth x whole(columns, kPanel).
template <class Real>
void pack_panels(Rows<const Real> rows, std::size_t depth, std::size_t columns, Real* panels) {
  constexpr std::size_t width = kPanel<Real>;
  for (std::size_t begin = 0; begin < columns; begin += width) {
    const std::size_t used = std::min(width, columns - begin);
    for (std::size_t k = 0; k < depth; ++k, panels += width) {
      const Real* const row = rows.values + k * rows.stride + begin;
      if (used == width) {  // of a length that the compiler knows: two registers
        std::copy_n(row, width, panels);
      } else {
        std::copy_n(row, used, panels);
        // Products with the zeros reach sums that nobody reads.
        std::fill_n(panels + used, width - used, Real{0});
      }
    }
  }
}

/// Where the values of a row lie: `runs` runs of `length` values each.
struct Runs {
  std::size_t runs, run_stride;
  std::size_t length, stride;
};

namespace tile {

/// One row of a tile: a panel's width of sums.
template <class Real>
struct Sums {
  using Lanes = lanes::Register<Real>;
  Lanes low, high;

  // Begins the chains with what stands at `from`: a bias, zeros, or the sums so far.
  [[gnu::always_inline]] explicit Sums(const Real* from)
      : low(lanes::load(from)), high(lanes::load(from + lanes::kCount<Real>)) {}
  // One term of the chains of a row: the factor times the panel's row.
  [[gnu::always_inline]] void add(Real factor, Lanes panel_low, Lanes panel_high) {
    const Lanes factors = lanes::spread(factor);
    low = lanes::multiply_add(factors, panel_low, low);
    high = lanes::multiply_add(factors, panel_high, high);
  }
  [[gnu::always_inline]] void store_to(Real* to) const {
    lanes::store(low, to);
    lanes::store(high, to + lanes::kCount<Real>);
  }
};

// Written without loops over the registers: compilers then keep them.
template <class Real, std::size_t... r>
void add_product(const Real* const* rows, const Runs& runs, Rows<const Real> panel,
                 Rows<const Real> from, Rows<Real> to, std::index_sequence<r...>) {
  Sums<Real> sums[] = {Sums<Real>(from.values + r * from.stride)...};
  for (std::size_t run = 0; run < runs.runs; ++run) {
    const std::size_t begin = run * runs.run_stride, end = begin + runs.length * runs.stride;
    // One k after the other: the order of the chain is that of the rows' values.
    for (std::size_t k = begin; k != end; k += runs.stride, panel.values += panel.stride) {
      const auto low = lanes::load(panel.values);
      const auto high = lanes::load(panel.values + lanes::kCount<Real>);
      // A row of the panel, once loaded, serves all rows of the tile.
      (sums[r].add(rows[r][k], low, high), ...);
    }
  }
  (sums[r].store_to(to.values + r * to.stride), ...);
}

}  // namespace tile

/// to[r][j] = from[r][j] + sum over k of rows[r][k] * panel[k][j] for `count` rows, at most
/// kTileRows, and a whole panel; k goes through the runs. `from` may be `to`.
template <class Real>
void add_tile_product(const Real* const* rows, std::size_t count, const Runs& runs,
                      Rows<const Real> panel, Rows<const Real> from, Rows<Real> to) {
  [&]<std::size_t... size>(std::index_sequence<size...>) {
    ((count == size + 1
          ? tile::add_product(rows, runs, panel, from, to, std::make_index_sequence<size + 1>{})
          : void()),
     ...);
  }
  (std::make_index_sequence<kTileRows>{});
}

/// The same for any number of rows, of which row i begins at `values + start(i)`, and the panel's
/// first `columns` columns alone: `from` and `to` need have no more.
template <class Real, class Start>
void add_panel_product(const Real* values, const Start& start, std::size_t count, const Runs& runs,
                       Rows<const Real> panel, std::size_t columns, Rows<const Real> from,
                       Rows<Real> to) {
  std::size_t tiles = (count + kTileRows - 1) / kTileRows;
  for (std::size_t i = 0; i < count; --tiles) {
    const std::size_t height = (count - i + tiles - 1) / tiles;  // all about equally high
    const Real* rows[kTileRows];
    for (std::size_t r = 0; r < height; ++r) rows[r] = values + start(i + r);
    if (columns == kPanel<Real>) {
      add_tile_product(rows, height, runs, panel, from, to);
    } else {
      // A narrower panel: the tile works on a copy with room for whole registers.
      Real copy[kTileRows * kPanel<Real>] = {};
      for (std::size_t r = 0; r < height; ++r)
        std::copy_n(from.values + r * from.stride, columns, copy + r * kPanel<Real>);
      add_tile_product<Real>(rows, height, runs, panel, {copy, kPanel<Real>}, {copy, kPanel<Real>});
      for (std::size_t r = 0; r < height; ++r)
        std::copy_n(copy + r * kPanel<Real>, columns, to.values + r * to.stride);
    }
    i += height;
    from.values += height * from.stride;
    to.values += height * to.stride;
  }
}

}  // namespace byzsim
