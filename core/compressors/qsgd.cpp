#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/compressors/compressor.h"
#include "core/compressors/scaled_sums.h"
#include "core/machine/shards.h"

namespace byzsim::compressors_list {
namespace {

// The Euclidean norm as it is sent, rounded to Real; the vector is finite.
template <class Real>
double sent_norm(std::span<const Real> vector, double largest, const Executor& executor) {
  const double scale = safe_scale(largest);
  return limited_to<Real>(std::sqrt(sum_of_squares(vector, scale, executor)) / scale);
}

// An infinite norm leaves level 0, which is the value 0, to all finite coordinates.
template <class Real>
void write_infinite_norm(std::span<const Real> vector, Real* out) {
  for (std::size_t j = 0; j < vector.size(); ++j)
    out[j] = std::copysign(
        std::isfinite(vector[j]) ? Real(0) : std::numeric_limits<Real>::infinity(), vector[j]);
}

template <class Real>
void compress_qsgd(const CompressorInput<Real>& input, Real* out) {
  const std::span<const Real> vector = input.vector;
  const double largest = largest_magnitude(vector, input.executor);
  if (std::isinf(largest)) return write_infinite_norm(vector, out);
  const double norm = sent_norm(vector, largest, input.executor);
  const auto levels = static_cast<double>(input.parameters.integer("levels"));
  for_each_shard(input.executor, vector.size(), [&](Shard shard, std::size_t) {
    // One draw a coordinate, needed or not: where a shard begins is known without the others.
    Stream stream = input.stream;
    stream.skip(shard.begin);
    for (std::size_t j = shard.begin; j < shard.end; ++j) {
      const double share = norm == 0 ? 0 : std::fabs(static_cast<double>(vector[j])) / norm;
      const double place = std::min(levels, levels * share), lower = std::floor(place);
      const double level = lower + (stream.uniform() < place - lower ? 1 : 0);
      out[j] = std::copysign(static_cast<Real>(norm * (level / levels)), vector[j]);
    }
  });
}

std::int64_t bytes_of_qsgd(const Parameters& parameters, std::size_t dimension) {
  // ceil(log2(2 levels + 1)), and 4 bytes for the norm.
  const auto bits = static_cast<std::int64_t>(
      std::bit_width(2 * static_cast<std::uint64_t>(parameters.integer("levels"))));
  return 4 + (static_cast<std::int64_t>(dimension) * bits + 7) / 8;
}

double variance_of_qsgd(const Parameters& parameters, std::size_t dimension) {
  const auto d = static_cast<double>(dimension);
  const auto levels = static_cast<double>(parameters.integer("levels"));
  return std::min(d / (levels * levels), std::sqrt(d) / levels);
}

}  // namespace

Compressor qsgd() {
  return {
      .declaration = {.name = "qsgd",
                      .summary = "the norm, and every coordinate randomly rounded to a multiple "
                                 "of 1/levels of it",
                      .source = "Alistarh et al., NeurIPS 2017; if a coordinate is not finite, "
                                "it is an infinity of its sign and the finite ones are 0",
                      .parameters = {integer("levels", 16, 1, 1 << 24, "number of levels above 0")},
                      .aliases = {"random_dithering"}},
      .compress_float = compress_qsgd<float>,
      .compress_double = compress_qsgd<double>,
      .bytes = bytes_of_qsgd,
      .variance = variance_of_qsgd,
      .size = "4 + d ceil(log2(2 levels + 1)) / 8: the norm, and a signed level a coordinate",
      .error = "unbiased with omega = min(d / levels^2, sqrt(d) / levels)"};
}

}  // namespace byzsim::compressors_list
