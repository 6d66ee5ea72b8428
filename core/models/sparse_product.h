// Sums of scaled rows of which only those with a factor are looked at: behind a ReLU and max
// pooling three derivatives in four are zero, and more.
//
// Each sum is one chain of fused multiply-adds in the order of the terms, so its bits depend on the
// values alone. Leaving out terms of factor 0 changes none of them where rows are finite, but that
// a sum that underflowed to -0 stays so.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "core/kernels/lanes.h"

namespace byzsim {

/// Registers of sums at once: enough to hide how long an addition takes.
constexpr std::size_t kStripRegisters = 8;

/// A row, by its number, and its factor.
template <class Real>
struct Term {
  std::uint32_t row;
  Real factor;
};

/// Where rows lie: row `first` begins at `values`, the next ones every `stride` after it.
template <class Real>
struct TermRows {
  const Real* values;
  std::size_t first, stride;
};

/// Writes the terms of the values that are not 0, from row `row` on, to `terms`, which has room for
/// all and one more; returns the end. A NaN is a term.
template <class Real>
Term<Real>* list_terms(std::span<const Real> values, std::size_t row, Term<Real>* terms) {
  for (const Real value : values) {
    *terms = {static_cast<std::uint32_t>(row++), value};
    terms += value != Real{0};  // without a branch that nobody could predict
  }
  return terms;
}

namespace detail {

// Written without loops over the registers: compilers then keep them.
template <class Real, std::size_t... k>
void add_strip(std::span<const Term<Real>> terms, const TermRows<Real>& rows, Real* sums,
               std::index_sequence<k...>) {
  lanes::Register<Real> sum[] = {lanes::load(sums + k * lanes::kCount<Real>)...};
  for (const Term<Real>& term : terms) {
    // A row's number may count rows of a whole image: those before `first` are not there.
    const Real* const row = rows.values + (term.row - rows.first) * rows.stride;
    const lanes::Register<Real> factor = lanes::spread(term.factor);
    ((sum[k] = lanes::multiply_add(factor, lanes::load(row + k * lanes::kCount<Real>), sum[k])),
     ...);
  }
  (lanes::store(sum[k], sums + k * lanes::kCount<Real>), ...);
}

template <class Real>
void add_strip_of(std::size_t registers, std::span<const Term<Real>> terms,
                  const TermRows<Real>& rows, Real* sums) {
  [&]<std::size_t... count>(std::index_sequence<count...>) {
    ((registers == count + 1 ? add_strip(terms, rows, sums, std::make_index_sequence<count + 1>{})
                             : void()),
     ...);
  }
  (std::make_index_sequence<kStripRegisters>{});
}

}  // namespace detail

/// sums[j] += the sum over the terms of factor * row[j], for j < length rounded up to whole
/// registers, so far as rows and sums must reach.
template <class Real>
void add_scaled_rows(std::span<const Term<Real>> terms, TermRows<Real> rows, std::size_t length,
                     Real* sums) {
  // The last register may reach beyond `length`.
  const std::size_t registers = (length + lanes::kCount<Real> - 1) / lanes::kCount<Real>;
  for (std::size_t done = 0; done < registers; done += kStripRegisters) {
    const std::size_t count = std::min(kStripRegisters, registers - done);
    detail::add_strip_of(count, terms, rows, sums);
    rows.values += count * lanes::kCount<Real>;
    sums += count * lanes::kCount<Real>;
  }
}

}  // namespace byzsim
