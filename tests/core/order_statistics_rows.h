// What the tests of order statistics share: rows of values, one a vector.
#pragma once

#include <limits>
#include <vector>

#include "core/kernels/order_statistics.h"

namespace byzsim {

template <class Real>
constexpr Real kInfinity = std::numeric_limits<Real>::infinity();
template <class Real>
constexpr Real kNan = std::numeric_limits<Real>::quiet_NaN();

template <class Real>
using Rows = std::vector<std::vector<Real>>;

template <class Real>
std::vector<const Real*> pointers_to(const Rows<Real>& rows) {
  std::vector<const Real*> pointers;
  for (const auto& row : rows) pointers.push_back(row.data());
  return pointers;
}

/// Vectors of one coordinate each.
template <class Real>
Rows<Real> as_rows(const std::vector<Real>& column) {
  Rows<Real> rows;
  for (const Real value : column) rows.push_back({value});
  return rows;
}

template <class Real>
std::vector<Real> column_of(const Rows<Real>& rows, std::size_t c) {
  std::vector<Real> column;
  for (const auto& row : rows) column.push_back(row[c]);
  return column;
}

}  // namespace byzsim
