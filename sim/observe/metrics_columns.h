// The columns of metrics.csv.
#pragma once

#include <optional>
#include <vector>

#include "sim/observe/metrics.h"

namespace byzsim {

/// A column and its value in a row.
struct Column {
  const char* name;
  const char* unit;
  const char* summary;
  std::optional<double> value;
};

/// The one list of columns; counts stay exact in a double below 2^53.
std::vector<Column> columns_of(const MetricsRow& row);

/// Whether it came later: rows without it have the digest that they had before.
bool is_later(const Column& column);

}  // namespace byzsim
