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

namespace {

std::function<Vector()> of_dimension(std::size_t dimension,
                                     std::function<std::vector<float>()> compute) {
  return [compute = std::move(compute), dimension] {
    Vector vector = with_digest(compute());
    BYZ_CHECK(vector.values.size() == dimension, "a payload keeps its promised dimension");
    return vector;
  };
}

}  // namespace

Payload Payload::launch(const Executor& executor, std::size_t dimension,
                        std::function<std::vector<float>()> compute) {
  return {dimension, executor.launch<Vector>(of_dimension(dimension, std::move(compute)))};
}

Payload Payload::deferred(std::size_t dimension, std::function<std::vector<float>()> compute) {
  return {dimension, Pending<Vector>::deferred(of_dimension(dimension, std::move(compute)))};
}

Payload Payload::blank(std::size_t dimension) { return {dimension, {}}; }

namespace {

std::vector<Pending<Vector>> pending_of(const std::vector<Payload>& payloads) {
  std::vector<Pending<Vector>> pending;
  for (const Payload& payload : payloads)
    if (payload.has_values()) pending.push_back(payload.pending());
  return pending;
}

}  // namespace

void finish_all(const std::vector<Payload>& payloads) { finish_all(pending_of(payloads)); }

void finish_helping(const Executor& executor, const std::vector<Payload>& payloads) {
  executor.finish_helping(pending_of(payloads));
}

}  // namespace byzsim
