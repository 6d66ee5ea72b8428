#include "sim/payload.h"

#include "core/check.h"
#include "core/digest.h"

namespace byzsim {

Vector with_digest(std::vector<float> values) {
  const std::uint64_t digest = digest_of(std::span<const float>(values));
  return {std::move(values), digest};
}

Payload::Payload(std::vector<float> values) : dimension_(values.size()) {
  vector_ = Pending<Vector>::ready(with_digest(std::move(values)));
}

Payload Payload::launch(const Executor& executor, std::size_t dimension,
                        std::function<std::vector<float>()> compute) {
  Payload payload;
  payload.dimension_ = dimension;
  payload.vector_ = executor.launch<Vector>([compute = std::move(compute), dimension] {
    Vector vector = with_digest(compute());
    BYZ_CHECK(vector.values.size() == dimension, "a payload keeps its promised dimension");
    return vector;
  });
  return payload;
}

void finish_all(const std::vector<Payload>& payloads) {
  std::vector<Pending<Vector>> pending;
  for (const Payload& payload : payloads) pending.push_back(payload.pending());
  finish_all(pending);
}

}  // namespace byzsim
