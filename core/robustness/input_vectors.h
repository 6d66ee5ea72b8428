// The vectors that one aggregation is given, as floats, which every rule reads to the last bit in
// either precision.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/pre_aggregators/aggregation.h"

namespace byzsim {

/// n vectors of one dimension, one after the other.
struct InputVectors {
  std::size_t dimension = 1;
  std::vector<float> values;  ///< n * dimension of them

  std::size_t n() const { return values.size() / dimension; }
  std::span<float> at(std::size_t i) { return {values.data() + i * dimension, dimension}; }
  std::span<const float> at(std::size_t i) const {
    return {values.data() + i * dimension, dimension};
  }
  friend bool operator==(const InputVectors&, const InputVectors&) = default;
};

/// What the aggregation makes of them, computed in `Real` (float: as runs do); no receiver's own
/// vector, nothing kept from earlier aggregations, draws named by the seed alone, as in `byzsim
/// eval`.
template <class Real>
std::vector<double> output_of(const Aggregation& aggregation, const InputVectors& inputs,
                              std::uint64_t seed, const Executor& executor);

}  // namespace byzsim
