#include "tools/eval/compress_line.h"

#include <vector>

#include "core/compressors/compressor.h"
#include "tools/eval/line_fields.h"

namespace byzsim {

template <class Real>
Json compress_line(const Json& request, const Executor& executor) {
  const Choice choice =
      choice_from(request["compress"], "/compress", "compressor", compressors().declarations());
  const auto vectors = vectors_from<Real>(request);
  const std::uint64_t seed = seed_field(request);
  Json read = Json::array(), bytes = Json::array();
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    std::vector<Real> made(vectors[i].size());
    compress<Real>(choice, vectors[i], compression_stream(choice, seed, i, 0), executor,
                   made.data());
    read.push_back(vector_to(made));
    bytes.push_back(compressed_bytes(choice, made.size()));
  }
  return {{"vectors", read}, {"bytes", bytes}};
}

template Json compress_line<float>(const Json&, const Executor&);
template Json compress_line<double>(const Json&, const Executor&);

}  // namespace byzsim
