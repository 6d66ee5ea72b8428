// Values become part of a payload only through a check of their dimension: whatever computed
// them, what was promised is what readers get.

#include "sim/world/payload.h"

#include "core/check.h"
#include "core/exact/digest.h"
#include "core/input/archive.h"

namespace byzsim {

namespace {

using MakeValues = std::function<std::vector<float>()>;

std::uint64_t digest_of_values(const std::vector<float>& values) {
  return digest_of(std::span<const float>(values));
}

enum class Digested { now, when_asked };

using Spare = std::shared_ptr<SpareVectors>;

Vector vector_of(std::vector<float> values, Digested digested, Spare spare) {
  Vector vector{{new std::vector<float>(std::move(values)), {std::move(spare)}}};
  if (digested == Digested::now) vector.digest = digest_of_values(*vector.values);
  return vector;
}

std::function<Vector()> of_dimension(std::size_t dimension, MakeValues compute, Digested digested,
                                     Spare spare) {
  BYZ_CHECK(compute != nullptr, "a payload that is still to be computed has a function");
  return [compute = std::move(compute), dimension, digested, spare = std::move(spare)] {
    Vector vector = vector_of(compute(), digested, spare);
    BYZ_CHECK(vector.values->size() == dimension, "a payload keeps its promised dimension");
    return vector;
  };
}

}  // namespace

void Vector::GiveBack::operator()(std::vector<float>* gone) const {
  if (spare) spare->give_back(std::move(*gone));
  delete gone;
}

Payload::Payload(std::vector<float> values) : dimension_(values.size()) {
  vector_ = Pending<Vector>::ready(vector_of(std::move(values), Digested::now, {}));
}

Payload Payload::launch(const Executor& executor, std::size_t dimension, MakeValues compute) {
  return {dimension, executor.launch<Vector>(of_dimension(
                         dimension, std::move(compute), Digested::now, executor.spare_vectors()))};
}

Payload Payload::deferred(std::size_t dimension, MakeValues compute, Spare spare) {
  return {dimension, Pending<Vector>::deferred(of_dimension(
                         dimension, std::move(compute), Digested::when_asked, std::move(spare)))};
}

std::uint64_t Payload::digest() const {
  if (!vector_) return 0;
  const Vector& vector = vector_.get();
  // Not stored when it is computed here: payloads are shared by threads and never change.
  return vector.digest ? *vector.digest : digest_of_values(*vector.values);
}

Payload Payload::stored(std::size_t dimension, MakeValues read) {
  // Read when somebody asks, by the thread that does.
  Payload payload = deferred(dimension, std::move(read));
  payload.stored_ = true;
  return payload;
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

void Payload::walk(Archive& archive) {
  bool valued = has_values();
  archive(dimension_, valued);
  if (!valued) {
    vector_ = {};
    return;
  }
  std::shared_ptr<const Payload> shared;
  if (!archive.reads()) shared = std::make_shared<const Payload>(*this);
  archive.once(archive.reads() ? nullptr : values().data(), shared, [&](Payload& fresh) {
    // Waits for a vector that is still being computed.
    std::vector<float> values = archive.reads() ? std::vector<float>() : fresh.values();
    archive(values);
    if (archive.reads()) fresh = Payload(std::move(values));
  });
  if (archive.reads()) {
    Archive::expect(shared->dimension() == dimension_);
    *this = *shared;
  }
}

}  // namespace byzsim
