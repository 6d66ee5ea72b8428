#include <algorithm>
#include <cmath>
#include <vector>

#include "core/compressors/compressor.h"
#include "core/compressors/kept_count.h"
#include "core/compressors/scaled_sums.h"

namespace byzsim::compressors_list {
namespace {

// Every subset of k of `dimension` coordinates equally likely, by k draws: Floyd's algorithm
// (Bentley and Floyd, CACM 1987).
std::vector<bool> random_subset(std::size_t k, std::size_t dimension, Stream stream) {
  std::vector<bool> chosen(dimension);
  for (std::size_t j = dimension - k; j < dimension; ++j) {
    const auto drawn = static_cast<std::size_t>(stream.below(j + 1));
    chosen[chosen[drawn] ? j : drawn] = true;
  }
  return chosen;
}

template <class Real>
void compress_random_k(const CompressorInput<Real>& input, Real* out) {
  const std::size_t dimension = input.vector.size();
  const std::size_t k = kept_count(input.parameters, dimension);
  std::copy(input.vector.begin(), input.vector.end(), out);
  if (k == dimension) return;
  const std::vector<bool> chosen = random_subset(k, dimension, input.stream);
  const double factor = static_cast<double>(dimension) / static_cast<double>(k);
  for (std::size_t j = 0; j < dimension; ++j) {
    if (!chosen[j])
      out[j] = 0;
    else if (std::isfinite(out[j]))  // anything else stays as it is, to the bit
      out[j] = limited_to<Real>(factor * static_cast<double>(out[j]));
  }
}

std::int64_t bytes_of_random_k(const Parameters& parameters, std::size_t dimension) {
  const std::size_t k = kept_count(parameters, dimension);
  if (k == dimension) return dense_bytes(dimension);
  constexpr std::int64_t kSeed = 8;
  return parameters.word("coins") == "shared" ? dense_bytes(k) + kSeed : 2 * dense_bytes(k);
}

std::vector<Parameter> parameters_of_random_k() {
  std::vector<Parameter> parameters = kept_count_parameters();
  parameters.push_back(word("coins", {"own", "shared"},
                            "each node draws coordinates of its own in every step, or all nodes "
                            "the same ones"));
  return parameters;
}

}  // namespace

Compressor random_k() {
  return {.declaration = {.name = "random_k",
                          .summary = "k random coordinates times d/k, and 0 elsewhere",
                          .source = "Stich, Cordonnier and Jaggi, NeurIPS 2018, scaled so that it "
                                    "is unbiased",
                          .parameters = parameters_of_random_k(),
                          .aliases = {"rand_k"}},
          .compress_float = compress_random_k<float>,
          .compress_double = compress_random_k<double>,
          .bytes = bytes_of_random_k,
          .variance =
              [](const Parameters& parameters, std::size_t dimension) {
                return static_cast<double>(dimension) /
                           static_cast<double>(kept_count(parameters, dimension)) -
                       1;
              },
          .size =
              "8k: float32 values and 32-bit indices; with shared coins 4k + 8: values and a "
              "64-bit seed; 4d where k = d",
          .error = "unbiased with omega = d/k - 1"};
}

}  // namespace byzsim::compressors_list
