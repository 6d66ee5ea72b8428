// Upper bounds of a rule's coefficients, beside which found lower bounds stand.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/robustness/honest_sets.h"

namespace byzsim {

/// One bound at given n, f and dimension.
struct UpperBound {
  double value;
  std::string formula;
  std::string source;
  /// Proved in the source, docs/robustness.md. Otherwise the formula was written from memory, and
  /// was not compared with the paper that is the source.
  bool proved;
};

/// Of a rule alone or after `nnm`, at its default parameters but for those that bounds are known
/// for; nothing where none is known here.
std::optional<UpperBound> upper_bound(const Aggregation& aggregation, std::size_t n,
                                      std::size_t dimension, Coefficient coefficient);

}  // namespace byzsim
