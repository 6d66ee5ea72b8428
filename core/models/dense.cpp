// Matrix products in panels. Which way a panel is read changes how fast it is, never the chain of a
// sum.

#include "core/models/dense.h"

#include <algorithm>
#include <vector>

#include "core/models/tile_product.h"

namespace byzsim {
namespace {

/// Copying a panel pays when it is longer than this and as many rows are multiplied with it.
constexpr std::size_t kReadInPlace = 64;

/// The left factor where it lies.
template <class Real>
struct Factor {
  const Real* values;
  std::size_t rows, row_stride;
  std::size_t depth, stride;  ///< of the values of a row
};

/// Some rows of a panel, aligned.
template <class Real>
struct PanelPart {
  static constexpr std::size_t kDepth = kPanelBytes / sizeof(Real) / kPanel<Real>;
  alignas(64) Real values[kDepth * kPanel<Real>];
};

/// Adds the products with a panel: `pack` writes `count` of its rows, from row `begin` on, to where
/// it is told.
template <class Real, class Pack>
void add_packed(const Factor<Real>& left, const Pack& pack, std::size_t columns,
                Rows<const Real> from, Rows<Real> to) {
  PanelPart<Real> part;
  for (std::size_t begin = 0; begin < left.depth; begin += part.kDepth) {
    const std::size_t count = std::min(part.kDepth, left.depth - begin);
    pack(begin, count, part.values);
    add_panel_product<Real>(
        left.values + begin * left.stride, [&](std::size_t i) { return i * left.row_stride; },
        left.rows, {1, 0, count, left.stride}, {part.values, kPanel<Real>}, columns, from, to);
    // The next part of the chain goes on from where this one ended.
    from = {to.values, to.stride};
  }
}

/// Writes left * right, panel by panel; `right` and `out` have `columns` columns.
template <class Real>
void write_product(const Factor<Real>& left, Rows<const Real> right, std::size_t columns,
                   Real* out) {
  static constexpr Real kZeros[kPanel<Real>] = {};
  const std::size_t width = std::min(columns, kPanel<Real>);
  // Narrower panels are packed in any case, as registers read beyond their columns.
  const bool in_place = width == kPanel<Real> && std::min(left.rows, left.depth) <= kReadInPlace;
  for (std::size_t next = 0; next < columns; next += width) {
    // The last panel is a whole one, too: it writes some sums of the one before a second time.
    const std::size_t begin = std::min(next, columns - width);
    const Rows<const Real> panel{right.values + begin, right.stride};
    const Rows<Real> to{out + begin, columns};
    if (in_place)
      add_panel_product<Real>(
          left.values, [&](std::size_t i) { return i * left.row_stride; }, left.rows,
          {1, 0, left.depth, left.stride}, panel, width, {kZeros, 0}, to);
    else
      add_packed<Real>(
          left,
          [&](std::size_t first, std::size_t count, Real* part) {
            pack_panels<Real>({panel.values + first * panel.stride, panel.stride}, count, width,
                              part);
          },
          width, {kZeros, 0}, to);
  }
}

/// Writes `count` rows of `depth` values as the columns of a panel; what its other columns hold
/// means nothing.
template <class Real>
void pack_transposed(Rows<const Real> rows, std::size_t count, std::size_t depth, Real* panel) {
  constexpr std::size_t square = lanes::kCount<Real>;  // transposed in registers
  const Real* row[kPanel<Real>];
  for (std::size_t j = 0; j < kPanel<Real>; ++j)
    // Columns beyond the last row repeat it: they are read, and never used.
    row[j] = rows.values + std::min(j, count - 1) * rows.stride;
  std::size_t k = 0;
  for (; k + square <= depth; k += square) {
    for (std::size_t half = 0; half < kPanel<Real>; half += square) {
      lanes::Register<Real> registers[square];
      for (std::size_t j = 0; j < square; ++j) registers[j] = lanes::load(row[half + j] + k);
      lanes::transpose(registers);
      for (std::size_t j = 0; j < square; ++j)
        lanes::store(registers[j], panel + (k + j) * kPanel<Real> + half);
    }
  }
  for (; k < depth; ++k)
    for (std::size_t j = 0; j < kPanel<Real>; ++j) panel[k * kPanel<Real> + j] = row[j][k];
}

}  // namespace

// The panels are made of the inputs, since a batch is smaller than the weights: their columns are
// rows of the batch, and the outputs come out transposed.
template <class Real>
void dense_forward(const DenseLayer& layer, const Real* parameters, const Real* input,
                   std::size_t rows, Real* output) {
  const Real* const bias = parameters + layer.weights();
  const Factor<Real> weights{parameters, layer.outputs, layer.inputs, layer.inputs, 1};
  std::vector<Real> sums(layer.outputs * kPanel<Real>);
  const Rows<Real> to{sums.data(), kPanel<Real>};
  for (std::size_t begin = 0; begin < rows; begin += kPanel<Real>) {
    const std::size_t count = std::min(kPanel<Real>, rows - begin);
    for (std::size_t j = 0; j < layer.outputs; ++j)
      std::fill_n(&sums[j * kPanel<Real>], kPanel<Real>, bias[j]);
    add_packed<Real>(
        weights,
        [&](std::size_t first, std::size_t depth, Real* part) {
          pack_transposed<Real>({input + begin * layer.inputs + first, layer.inputs}, count, depth,
                                part);
        },
        kPanel<Real>, {to.values, to.stride}, to);
    for (std::size_t i = 0; i < count; ++i, output += layer.outputs)
      for (std::size_t j = 0; j < layer.outputs; ++j) output[j] = sums[j * kPanel<Real> + i];
  }
}

template <class Real>
void dense_gradient(const DenseLayer& layer, const Real* input, const Real* output_gradient,
                    std::size_t rows, Real* gradient) {
  write_product<Real>({output_gradient, layer.outputs, 1, rows, layer.outputs},
                      {input, layer.inputs}, layer.inputs, gradient);
  Real* const bias_gradient = gradient + layer.weights();
  std::fill_n(bias_gradient, layer.outputs, Real{0});
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t j = 0; j < layer.outputs; ++j)
      bias_gradient[j] += output_gradient[row * layer.outputs + j];
}

template <class Real>
void dense_input_gradient(const DenseLayer& layer, const Real* parameters,
                          const Real* output_gradient, std::size_t rows, Real* input_gradient) {
  write_product<Real>({output_gradient, rows, layer.outputs, layer.outputs, 1},
                      {parameters, layer.inputs}, layer.inputs, input_gradient);
}

#define INSTANTIATE(Real)                                                                        \
  template void dense_forward(const DenseLayer&, const Real*, const Real*, std::size_t, Real*);  \
  template void dense_gradient(const DenseLayer&, const Real*, const Real*, std::size_t, Real*); \
  template void dense_input_gradient(const DenseLayer&, const Real*, const Real*, std::size_t,   \
                                     Real*);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace byzsim
