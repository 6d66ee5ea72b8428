// Tiles are made for speed, and their shape decides no bit: each pair is summed on its own, in an
// order that depends on the coordinates alone.

#include "core/kernels/distance_tiles.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/kernels/lanes.h"
#include "core/kernels/wide_tile.h"

namespace byzsim {
namespace {

constexpr std::size_t kTileRows = 2;
constexpr std::size_t kTileColumns = 6;
// Sums are added four at a time: places for two fours.
constexpr std::size_t kPlaces = 8;
// Coordinates summed in one go: 16 squares for each of the eight lanes of a register of floats.
constexpr std::size_t kStretch = 128;
// Vectors whose pairs are summed together: the sums and a stretch of each stay in the cache.
constexpr std::size_t kBlock = 64;
// Coordinates of all vectors that every block takes before any takes the next ones: of some hundred
// vectors they stay in the second-level cache, so that memory is read once.
constexpr std::size_t kBand = 4 * kStretch;

using lanes::kCount;

// Half-open range of vectors.
struct Vectors {
  std::size_t begin;
  std::size_t end;
};

// Adds the sum of each register to its place; registers beyond `columns` hold zeros.
template <std::size_t columns, class Register>
[[gnu::always_inline]] inline void add_sums(const Register* tile, double* sums) {
  const lanes::Doubles four = lanes::sums_of(tile[0], tile[1], tile[2], tile[3]);
  lanes::store(lanes::load(sums) + four, sums);
  if constexpr (columns > 4) add_sums<columns - 4>(tile + 4, sums + 4);
}

// Adds to sums[r * kBlock + k] the squared differences of a[r] and b[k] over the coordinates
// [c, end), a multiple of kCount, for two rows. No loops over the tile, so that it stays in
// registers.
template <class Real, std::size_t... k>
void add_tile(const Real* const* a, const Real* const* b, std::size_t c, std::size_t end,
              double* sums, std::index_sequence<k...>) {
  using Register = lanes::Register<Real>;
  constexpr std::size_t columns = sizeof...(k);
  Register upper[kPlaces] = {}, lower[kPlaces] = {};
  const auto add_column = [&](Register & up, Register & low, Register first, Register second,
                              Register other) __attribute__((always_inline)) {
    up = lanes::add_squared_difference(up, first, other);
    low = lanes::add_squared_difference(low, second, other);
  };
  for (; c < end; c += kCount<Real>) {
    const Register first = lanes::load(a[0] + c), second = lanes::load(a[1] + c);
    (add_column(upper[k], lower[k], first, second, lanes::load(b[k] + c)), ...);
  }
  add_sums<columns>(upper, sums);
  add_sums<columns>(lower, sums + kBlock);
}

// Rows of the next tile of `left`: wide tiles are of floats, and whole.
template <class Real>
std::size_t next_rows(std::size_t left) {
  static const bool has_wide = std::is_same_v<Real, float> && has_wide_registers();
  return has_wide && left >= kWideRows ? kWideRows : kTileRows;
}

// So many columns that the tiles of a row are about equally wide.
template <std::size_t most>
std::size_t even_columns(std::size_t left) {
  const std::size_t tiles = (left + most - 1) / most;
  return (left + tiles - 1) / tiles;
}
std::size_t next_columns(std::size_t left, std::size_t rows) {
  return rows == kWideRows ? even_columns<kWideColumns>(left) : even_columns<kTileColumns>(left);
}

template <class Real>
void add_tile_of(std::size_t rows, std::size_t columns, const Real* const* a, const Real* const* b,
                 std::size_t c, std::size_t end, double* sums) {
  if constexpr (std::is_same_v<Real, float>)
    if (rows == kWideRows) return add_wide_tile(columns, a, b, c, end, sums, kBlock);
  // The number of columns is a constant of each case: only then are its sums registers.
  static_assert(kTileRows == 2 && kTileColumns == 6);
  switch (columns) {
    case 1:
      return add_tile(a, b, c, end, sums, std::make_index_sequence<1>{});
    case 2:
      return add_tile(a, b, c, end, sums, std::make_index_sequence<2>{});
    case 3:
      return add_tile(a, b, c, end, sums, std::make_index_sequence<3>{});
    case 4:
      return add_tile(a, b, c, end, sums, std::make_index_sequence<4>{});
    case 5:
      return add_tile(a, b, c, end, sums, std::make_index_sequence<5>{});
    default:
      return add_tile(a, b, c, end, sums, std::make_index_sequence<6>{});
  }
}

// All pairs of so few vectors fit into registers, so that each coordinate is loaded once.
constexpr std::size_t kTriangleVectors = 5;

// The pairs (0, 1), (0, 2), ..., (1, 2), ... of n vectors.
template <std::size_t n>
constexpr auto pairs_of() {
  std::array<std::pair<std::size_t, std::size_t>, n*(n - 1) / 2> pairs;
  std::size_t k = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) pairs[k++] = {i, j};
  return pairs;
}

// Adds to sums[k] the squared differences of the k-th pair over [c, end), as add_tile does.
template <std::size_t n, class Real, std::size_t... k>
void add_triangle(const Real* const* vectors, std::size_t c, std::size_t end, double* sums,
                  std::index_sequence<k...>) {
  using Register = lanes::Register<Real>;
  constexpr auto pairs = pairs_of<n>();
  Register triangle[(sizeof...(k) + 3) / 4 * 4] = {};
  for (; c < end; c += kCount<Real>) {
    const Register row[] = {lanes::load(vectors[0] + c), lanes::load(vectors[1 % n] + c),
                            lanes::load(vectors[2 % n] + c), lanes::load(vectors[3 % n] + c),
                            lanes::load(vectors[4 % n] + c)};
    ((triangle[k] =
          lanes::add_squared_difference(triangle[k], row[pairs[k].first], row[pairs[k].second])),
     ...);
  }
  add_sums<sizeof...(k)>(triangle, sums);
}

template <class Real>
void add_triangle_of(std::size_t n, const Real* const* vectors, std::size_t c, std::size_t end,
                     double* sums) {
  static_assert(kTriangleVectors == 5);
  switch (n) {
    case 2:
      return add_triangle<2>(vectors, c, end, sums, std::make_index_sequence<1>{});
    case 3:
      return add_triangle<3>(vectors, c, end, sums, std::make_index_sequence<3>{});
    case 4:
      return add_triangle<4>(vectors, c, end, sums, std::make_index_sequence<6>{});
    default:
      return add_triangle<5>(vectors, c, end, sums, std::make_index_sequence<10>{});
  }
}

// Asks for the next stretch, which begins at `next`, of some of the vectors.
template <class Real>
void prefetch_next(const Real* const* vectors, Vectors some, std::size_t next) {
  for (std::size_t i = some.begin; i < some.end; ++i)
    for (std::size_t bytes = 0; bytes < kStretch * sizeof(Real); bytes += 64)
      lanes::prefetch(vectors[i] + next, bytes);
}

// The part of `all` vectors to ask for beside `some` of `rows` rows: all are asked for once, a few
// at a time.
Vectors due_beside(Vectors some, std::size_t rows, std::size_t all) {
  return {some.begin * all / rows, std::min(some.end, rows) * all / rows};
}

// Adds to sums[k] the squared length of vectors[k] over [c, end), as add_tile would the difference
// to a vector of zeros.
template <class Real, std::size_t... k>
void add_squares(const Real* const* vectors, std::size_t c, std::size_t end, double* sums,
                 std::index_sequence<k...>) {
  using Register = lanes::Register<Real>;
  Register squares[kPlaces] = {};
  const auto add_square = [&](Register & sum, Register value) __attribute__((always_inline)) {
    sum = lanes::multiply_add(value, value, sum);
  };
  for (; c < end; c += kCount<Real>) (add_square(squares[k], lanes::load(vectors[k] + c)), ...);
  add_sums<sizeof...(k)>(squares, sums);
}

// The same for n vectors; zeros may be added to the kPlaces - 1 places after their sums.
template <class Real>
void add_all_squares(std::size_t n, const Real* const* vectors, std::size_t c, std::size_t end,
                     double* sums) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < n; i += columns) {
    columns = next_columns(n - i, kTileRows);
    [&]<std::size_t... one_less>(std::index_sequence<one_less...>) {
      ((columns == one_less + 1
            ? add_squares(vectors + i, c, end, sums + i, std::make_index_sequence<one_less + 1>{})
            : void()),
       ...);
    }
    (std::make_index_sequence<kTileColumns>{});
  }
}

// Adds the coordinates [c, end) to the sums of the pairs (i, j), i < j, of two blocks of vectors:
// kBlock x kBlock sums. A tile on the diagonal also adds to places that are no pairs, and zeros may
// be added to the kPlaces - 1 places after a tile's row. A last row without a second is that of the
// last vector, whose pairs are all in other rows.
template <class Real>
void add_stretch(const Real* const* vectors, Vectors is, Vectors js, std::size_t c, std::size_t end,
                 double* sums) {
  std::size_t rows = 0;
  for (std::size_t i = is.begin; i < is.end; i += rows) {
    rows = next_rows<Real>(is.end - i);
    prefetch_next(vectors, {i, std::min(i + rows, is.end)}, end);
    if (js.begin != is.begin) {
      const Vectors beside{i - is.begin, i - is.begin + rows};
      prefetch_next(vectors + js.begin, due_beside(beside, is.end - is.begin, js.end - js.begin),
                    end);
    }
    const std::size_t first = std::max(js.begin, i + 1);
    std::size_t columns = 0;
    for (std::size_t j = first; j < js.end; j += columns) {
      columns = next_columns(js.end - j, rows);
      add_tile_of(rows, columns, vectors + i, vectors + j, c, end,
                  sums + (i - is.begin) * kBlock + (j - js.begin));
    }
  }
}

// Adds the coordinates [c, end) to the sums of all pairs of a row and a column, kBlock of each at
// most, to sums[r * kBlock + k].
template <class Real>
void add_rectangle(const Real* const* rows, std::size_t height, const Real* const* columns,
                   std::size_t width, std::size_t c, std::size_t end, double* sums) {
  std::size_t taken_rows = 0;
  for (std::size_t r = 0; r < height; r += taken_rows) {
    taken_rows = next_rows<Real>(height - r);
    prefetch_next(rows, {r, std::min(r + taken_rows, height)}, end);
    prefetch_next(columns, due_beside({r, r + taken_rows}, height, width), end);
    const auto row = [&](std::size_t k) { return rows[std::min(r + k, height - 1)]; };
    const Real* const tile[kWideRows] = {row(0), row(1), row(2), row(3)};
    std::size_t taken = 0;
    for (std::size_t k = 0; k < width; k += taken) {
      taken = next_columns(width - k, taken_rows);
      add_tile_of(taken_rows, taken, tile, columns + k, c, end, sums + r * kBlock + k);
    }
  }
}

// The last coordinates of every vector, fewer than a register's, with zeros after them.
template <class Real>
class Rest {
 public:
  Rest(std::span<const Real* const> vectors, std::size_t begin, std::size_t end)
      : values_(end > begin ? vectors.size() * kCount<Real> : 0) {
    for (std::size_t i = 0; i < vectors.size() && end > begin; ++i) {
      Real* const row = values_.data() + i * kCount<Real>;
      std::copy(vectors[i] + begin, vectors[i] + end, row);
      rows_.push_back(row);
    }
  }
  bool empty() const { return rows_.empty(); }
  const Real* const* rows() const { return rows_.data(); }

 private:
  std::vector<Real> values_;
  std::vector<const Real*> rows_;
};

// Calls add(c, end) for each stretch of [begin, end).
template <class Add>
void for_each_stretch(std::size_t begin, std::size_t end, const Add& add) {
  for (std::size_t c = begin; c < end; c += kStretch) add(c, std::min(c + kStretch, end));
}

template <class Real, class ForEachBand>
void sum_triangle(std::size_t n, const ForEachBand& for_each_band, double* sums) {
  std::array<double, (kTriangleVectors * (kTriangleVectors - 1) / 2 + 3) / 4 * 4> totals{};
  for_each_band([&](const Real* const* vectors, std::size_t begin, std::size_t end) {
    for_each_stretch(begin, end, [&](std::size_t c, std::size_t stretch_end) {
      add_triangle_of(n, vectors, c, stretch_end, totals.data());
    });
  });
  std::copy_n(totals.begin(), n * (n - 1) / 2, sums);
}

// The sum of the pair (i, j), i < j, of n vectors.
double& pair(double* sums, std::size_t n, std::size_t i, std::size_t j) {
  return sums[i * (2 * n - i - 1) / 2 + (j - i - 1)];
}

// The pairs of two blocks of vectors, or of one with itself, and their sums so far.
struct BlockPair {
  Vectors is;
  Vectors js;
  std::vector<double> sums;
};

// `rows` rows of kBlock sums; kPlaces more, because a tile stores whole fours, beyond its last
// column.
std::vector<double> no_sums(std::size_t rows) {
  return std::vector<double>(rows * kBlock + kPlaces, 0.0);
}

std::vector<Vectors> blocks_of(std::size_t n) {
  std::vector<Vectors> blocks;
  for (std::size_t i = 0; i < n; i += kBlock) blocks.push_back({i, std::min(n, i + kBlock)});
  return blocks;
}

std::vector<BlockPair> block_pairs_of(std::size_t n) {
  const std::vector<Vectors> blocks = blocks_of(n);
  std::vector<BlockPair> pairs;
  for (std::size_t i = 0; i < blocks.size(); ++i)
    for (std::size_t j = i; j < blocks.size(); ++j)
      pairs.push_back({blocks[i], blocks[j], no_sums(blocks[i].end - blocks[i].begin)});
  return pairs;
}

// Of n vectors the first `known` are there; one after them is the zero vector.
template <class Real, class ForEachBand>
void sum_blocks(std::size_t n, std::size_t known, const ForEachBand& for_each_band, double* sums) {
  std::vector<BlockPair> blocks = block_pairs_of(known);
  std::vector<double> squares(n > known ? known + kPlaces : 0, 0.0);
  for_each_band([&](const Real* const* vectors, std::size_t begin, std::size_t end) {
    for (BlockPair& block : blocks)
      for_each_stretch(begin, end, [&](std::size_t c, std::size_t stretch_end) {
        add_stretch(vectors, block.is, block.js, c, stretch_end, block.sums.data());
        if (n > known && block.is.begin == block.js.begin)
          add_all_squares(block.is.end - block.is.begin, vectors + block.is.begin, c, stretch_end,
                          squares.data() + block.is.begin);
      });
  });
  for (const auto& [is, js, totals] : blocks)
    for (std::size_t row = is.begin; row < is.end; ++row)
      for (std::size_t column = std::max(js.begin, row + 1); column < js.end; ++column)
        pair(sums, n, row, column) = totals[(row - is.begin) * kBlock + (column - js.begin)];
  for (std::size_t i = 0; i < known && n > known; ++i) pair(sums, n, i, known) = squares[i];
}

// A block of rows, one of columns, and the sums of their pairs so far.
struct BlockOfRectangle {
  Vectors rows;
  Vectors columns;
  std::vector<double> sums;
};

std::vector<BlockOfRectangle> blocks_of_rectangle(std::size_t rows, std::size_t columns) {
  std::vector<BlockOfRectangle> blocks;
  for (const Vectors row : blocks_of(rows))
    for (const Vectors column : blocks_of(columns))
      // A row more: the last one of an odd number is paired with itself.
      blocks.push_back({row, column, no_sums(row.end - row.begin + 1)});
  return blocks;
}

}  // namespace

template <class Real>
void tiled_squared_distances(std::span<const Real* const> vectors, Shard shard, double* sums) {
  const std::size_t n = vectors.size();
  if (n < 2) return;
  const std::size_t whole = shard.end - shard.size() % kCount<Real>;
  const std::size_t known = vectors.back() == nullptr ? n - 1 : n;
  const Rest<Real> rest(vectors.first(known), whole, shard.end);
  // Calls add(vectors, begin, end) for each band of the shard.
  const auto for_each_band = [&](const auto& add) {
    for (std::size_t c = shard.begin; c < whole; c += kBand)
      add(vectors.data(), c, std::min(c + kBand, whole));
    if (!rest.empty()) add(rest.rows(), std::size_t{0}, kCount<Real>);
  };
  // Not with a zero vector, whose distances are half as much work in blocks.
  if (known == n && n <= kTriangleVectors)
    sum_triangle<Real>(n, for_each_band, sums);
  else
    sum_blocks<Real>(n, known, for_each_band, sums);
}

template <class Real>
void tiled_squared_distances_between(std::span<const Real* const> rows,
                                     std::span<const Real* const> columns, Shard shard,
                                     double* sums) {
  const std::size_t whole = shard.end - shard.size() % kCount<Real>;
  const Rest<Real> rest_of_rows(rows, whole, shard.end), rest_of_columns(columns, whole, shard.end);
  std::vector<BlockOfRectangle> blocks = blocks_of_rectangle(rows.size(), columns.size());
  const auto add_band = [&](const Real* const* upper, const Real* const* lower, std::size_t begin,
                            std::size_t end) {
    for (BlockOfRectangle& block : blocks)
      for_each_stretch(begin, end, [&](std::size_t c, std::size_t stretch_end) {
        add_rectangle(upper + block.rows.begin, block.rows.end - block.rows.begin,
                      lower + block.columns.begin, block.columns.end - block.columns.begin, c,
                      stretch_end, block.sums.data());
      });
  };
  for (std::size_t c = shard.begin; c < whole; c += kBand)
    add_band(rows.data(), columns.data(), c, std::min(c + kBand, whole));
  if (!rest_of_rows.empty()) add_band(rest_of_rows.rows(), rest_of_columns.rows(), 0, kCount<Real>);
  for (const auto& [block_rows, block_columns, totals] : blocks)
    for (std::size_t r = block_rows.begin; r < block_rows.end; ++r)
      std::copy_n(totals.data() + (r - block_rows.begin) * kBlock,
                  block_columns.end - block_columns.begin,
                  sums + r * columns.size() + block_columns.begin);
}

template void tiled_squared_distances_between(std::span<const float* const>,
                                              std::span<const float* const>, Shard, double*);
template void tiled_squared_distances(std::span<const float* const>, Shard, double*);
template void tiled_squared_distances(std::span<const double* const>, Shard, double*);

}  // namespace byzsim
