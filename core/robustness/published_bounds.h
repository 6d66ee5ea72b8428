// Published upper bounds of a rule's coefficients, beside which found lower bounds stand.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/robustness/honest_sets.h"

namespace byzsim {

/// One bound at given n, f and dimension.
struct PublishedBound {
  double value;
  std::string formula;
  std::string source;
  /// The formula was written from memory: nobody has compared it with the source.
  bool recalled;
};

/// Of a rule at its default parameters, alone or after `nnm`; nothing where none is known here.
std::optional<PublishedBound> published_bound(const Aggregation& aggregation, std::size_t n,
                                              std::size_t dimension, Coefficient coefficient);

}  // namespace byzsim
