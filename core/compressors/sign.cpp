#include <cmath>
#include <limits>

#include "core/compressors/compressor.h"
#include "core/compressors/scaled_sums.h"
#include "core/machine/shards.h"

namespace byzsim::compressors_list {
namespace {

// The mean magnitude as it is sent, rounded to Real.
template <class Real>
Real mean_magnitude(std::span<const Real> vector, const Executor& executor) {
  const double largest = largest_magnitude(vector, executor);
  if (std::isinf(largest)) return std::numeric_limits<Real>::infinity();
  const double scale = safe_scale(largest);
  return limited_to<Real>(sum_of_magnitudes(vector, scale, executor) /
                          static_cast<double>(vector.size()) / scale);
}

template <class Real>
void compress_sign(const CompressorInput<Real>& input, Real* out) {
  if (input.vector.empty()) return;
  const Real mean = mean_magnitude(input.vector, input.executor);
  for_each_shard(input.executor, input.vector.size(), [&](Shard shard, std::size_t) {
    for (std::size_t j = shard.begin; j < shard.end; ++j)
      out[j] = std::copysign(mean, input.vector[j]);
  });
}

}  // namespace

Compressor sign() {
  return {.declaration = {.name = "sign",
                          .summary = "the sign of every coordinate (of a zero too) times the mean "
                                     "magnitude",
                          .source = "Karimireddy et al., ICML 2019; if a coordinate is not finite, "
                                    "so is the mean magnitude",
                          .aliases = {"scaled_sign"}},
          .compress_float = compress_sign<float>,
          .compress_double = compress_sign<double>,
          .bytes =
              [](const Parameters&, std::size_t dimension) {
                return 4 + (static_cast<std::int64_t>(dimension) + 7) / 8;
              },
          .shrinkage = [](const Parameters&,
                          std::size_t dimension) { return 1 / static_cast<double>(dimension); },
          .size = "4 + d/8: the mean magnitude, and a sign a coordinate",
          .error = "biased; a contraction with delta = |x|_1^2 / (d |x|_2^2), at least 1/d"};
}

}  // namespace byzsim::compressors_list
