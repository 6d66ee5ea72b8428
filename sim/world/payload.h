// The vector that a message carries: shared, immutable, and perhaps still being computed.
//
// Invariants: the dimension is known from the beginning and never changes; the values are a pure
// function of values that never change, so that it makes no difference which thread computes them,
// and when. Asking for the values waits for them. The digest covers every bit of the values, except
// that all NaN count as the same one (core/exact/digest.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/machine/parallel.h"

namespace byzsim {

class Archive;

/// Values with their digest, which the thread that computed them takes once. Intermediate results,
/// which no message carries, have no digest until somebody asks.
struct Vector {
  /// Frees values, or gives them to the spare vectors.
  struct GiveBack {
    std::shared_ptr<SpareVectors> spare = {};
    void operator()(std::vector<float>* gone) const;
  };
  std::unique_ptr<std::vector<float>, GiveBack> values;
  std::optional<std::uint64_t> digest = {};
};

/// A shared vector of known dimension. Copying it copies a pointer. In a run without numbers
/// vectors are blank: they have a dimension and no values, and the digest 0.
class Payload {
 public:
  Payload() = default;  ///< nothing: a request, a vote, or a Byzantine node that sends no vector
  explicit Payload(std::vector<float> values);
  /// Computed on any thread from values that never change; `compute` returns `dimension` floats,
  /// which go to the executor's spare vectors when the last payload that has them goes.
  static Payload launch(const Executor& executor, std::size_t dimension,
                        std::function<std::vector<float>()> compute);
  /// Computed by the thread that first asks: an intermediate result.
  static Payload deferred(std::size_t dimension, std::function<std::vector<float>()> compute,
                          std::shared_ptr<SpareVectors> spare = {});
  /// A vector of a run without numbers.
  static Payload blank(std::size_t dimension);
  /// Kept elsewhere (sim/run/vector_store.h): `read` gives its values when they are first needed.
  static Payload stored(std::size_t dimension, std::function<std::vector<float>()> read);
  bool is_stored() const { return stored_; }

  /// Whether it is a vector at all, blank or not.
  explicit operator bool() const { return dimension_ > 0 || vector_; }
  /// Whether it is the very same vector, without a look at its values.
  bool same_as(const Payload& other) const { return vector_.same_as(other.vector_); }
  class Identity;
  bool has_values() const { return static_cast<bool>(vector_); }
  std::size_t dimension() const { return dimension_; }
  const std::vector<float>& values() const { return *vector_.get().values; }
  std::uint64_t digest() const;
  const Pending<Vector>& pending() const { return vector_; }
  /// Writes it, or reads it back (core/input/archive.h).
  void walk(Archive& archive);

 private:
  Payload(std::size_t dimension, Pending<Vector> vector)
      : dimension_(dimension), vector_(std::move(vector)) {}
  std::size_t dimension_ = 0;
  Pending<Vector> vector_;
  bool stored_ = false;
};

/// Changes payloads where they are kept, to the same values kept elsewhere.
using PayloadVisit = std::function<void(Payload&)>;

/// Which payload it is, without keeping it: no other is ever taken for it.
class Payload::Identity {
 public:
  explicit Identity(const Payload& payload)
      : dimension_(payload.dimension_), vector_(payload.vector_) {}
  bool is_of(const Payload& payload) const { return vector_.is_of(payload.vector_); }
  /// The payload itself while somebody keeps it; otherwise an empty one.
  Payload still_kept() const {
    Pending<Vector> vector = vector_.still_kept();
    return vector ? Payload(dimension_, std::move(vector)) : Payload();
  }

 private:
  std::size_t dimension_;
  PendingIdentity<Vector> vector_;
};

/// Waits until every payload that has values is computed, computing here what no other thread has
/// begun.
void finish_all(const std::vector<Payload>& payloads);
/// The same, doing meanwhile whatever else was launched; not from within a computation.
void finish_helping(const Executor& executor, const std::vector<Payload>& payloads);

}  // namespace byzsim
