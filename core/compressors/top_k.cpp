// Magnitudes are compared as the integers of their bits, which order like them: an infinity comes
// before all finite values.
#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <type_traits>
#include <vector>

#include "core/compressors/compressor.h"
#include "core/compressors/kept_count.h"

namespace byzsim::compressors_list {
namespace {

template <class Real>
auto magnitude_bits(Real value) {
  using Bits = std::conditional_t<std::is_same_v<Real, float>, std::uint32_t, std::uint64_t>;
  const Real magnitude =
      std::isnan(value) ? std::numeric_limits<Real>::infinity() : std::fabs(value);
  return std::bit_cast<Bits>(magnitude);
}

template <class Real>
void compress_top_k(const CompressorInput<Real>& input, Real* out) {
  const std::span<const Real> vector = input.vector;
  const std::size_t k = kept_count(input.parameters, vector.size());
  std::copy(vector.begin(), vector.end(), out);
  if (k == vector.size()) return;
  std::vector<decltype(magnitude_bits(Real()))> largest;
  largest.reserve(vector.size());
  for (const Real value : vector) largest.push_back(magnitude_bits(value));
  const auto last = largest.begin() + static_cast<std::ptrdiff_t>(k - 1);
  std::nth_element(largest.begin(), last, largest.end(), std::greater<>());
  const auto least = *last;
  // All that are larger, and as many of its equals as there is room for, from the lowest index on.
  std::size_t equals = k - static_cast<std::size_t>(std::count_if(
                               largest.begin(), last, [&](auto each) { return each > least; }));
  for (std::size_t j = 0; j < vector.size(); ++j) {
    const auto magnitude = magnitude_bits(vector[j]);
    const bool kept = magnitude > least || (magnitude == least && equals > 0);
    if (magnitude == least && equals > 0) --equals;
    if (!kept) out[j] = 0;
  }
}

std::int64_t bytes_of_top_k(const Parameters& parameters, std::size_t dimension) {
  const std::size_t k = kept_count(parameters, dimension);
  return k == dimension ? dense_bytes(dimension) : 2 * dense_bytes(k);
}

}  // namespace

Compressor top_k() {
  return {
      .declaration = {.name = "top_k",
                      .summary = "the k coordinates of largest magnitude, and 0 elsewhere",
                      .source = "Stich, Cordonnier and Jaggi, NeurIPS 2018; of equal "
                                "magnitudes the lowest index is kept, NaN counts as infinite",
                      .parameters = kept_count_parameters()},
      .compress_float = compress_top_k<float>,
      .compress_double = compress_top_k<double>,
      .bytes = bytes_of_top_k,
      .shrinkage =
          [](const Parameters& parameters, std::size_t dimension) {
            return static_cast<double>(kept_count(parameters, dimension)) /
                   static_cast<double>(dimension);
          },
      .size = "8k: values and indices of 4 bytes, above d/2 more than all values; 4d where k = d",
      .error = "biased; a contraction with delta = k/d"};
}

}  // namespace byzsim::compressors_list
