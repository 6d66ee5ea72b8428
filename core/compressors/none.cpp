#include <algorithm>

#include "core/compressors/compressor.h"
#include "core/compressors/kept_count.h"

namespace byzsim::compressors_list {
namespace {

template <class Real>
void compress_none(const CompressorInput<Real>& input, Real* out) {
  std::copy(input.vector.begin(), input.vector.end(), out);
}

}  // namespace

Compressor none() {
  return {.declaration = {.name = "none",
                          .summary = "the vector as it is",
                          .source = "",
                          .aliases = {"identity", "dense"}},
          .compress_float = compress_none<float>,
          .compress_double = compress_none<double>,
          .bytes = [](const Parameters&, std::size_t dimension) { return dense_bytes(dimension); },
          .variance = [](const Parameters&, std::size_t) { return 0.0; },
          .size = "4d: float32 values",
          .error = "none"};
}

}  // namespace byzsim::compressors_list
