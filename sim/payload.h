// The vector a message carries: shared, immutable, and perhaps still being computed.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/parallel.h"

namespace byzsim {

/// Values with their digest, taken once by the thread that computed them.
struct Vector {
  std::vector<float> values;
  std::uint64_t digest = 0;
};

Vector with_digest(std::vector<float> values);

/// A shared vector of known dimension. Copying it copies a pointer. In a run without numbers
/// vectors are blank: they have a dimension and no values, and the digest 0.
class Payload {
 public:
  Payload() = default;  ///< nothing: a Byzantine node's silence
  explicit Payload(std::vector<float> values);
  /// Computed on any thread from values that never change; `compute` returns `dimension` floats.
  static Payload launch(const Executor& executor, std::size_t dimension,
                        std::function<std::vector<float>()> compute);
  /// Computed by whoever first asks.
  static Payload deferred(std::size_t dimension, std::function<std::vector<float>()> compute);
  static Payload blank(std::size_t dimension);

  explicit operator bool() const { return dimension_ > 0 || vector_; }
  bool same_as(const Payload& other) const { return vector_.same_as(other.vector_); }
  bool has_values() const { return static_cast<bool>(vector_); }
  std::size_t dimension() const { return dimension_; }
  const std::vector<float>& values() const { return vector_.get().values; }
  std::uint64_t digest() const { return vector_ ? vector_.get().digest : 0; }
  const Pending<Vector>& pending() const { return vector_; }

 private:
  Payload(std::size_t dimension, Pending<Vector> vector)
      : dimension_(dimension), vector_(std::move(vector)) {}
  std::size_t dimension_ = 0;
  Pending<Vector> vector_;
};

/// Waits until every payload that has values is computed, computing here what no other thread has
/// begun.
void finish_all(const std::vector<Payload>& payloads);
/// The same, doing meanwhile whatever else was launched; not from within a computation.
void finish_helping(const Executor& executor, const std::vector<Payload>& payloads);

}  // namespace byzsim
