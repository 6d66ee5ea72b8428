// A polymorphic member that is copied as a value: what holds one needs no copy constructor of its
// own, so that no member can be forgotten in a fork of a simulation.
//
// Invariant: it holds an object, unless it was moved from. The object is of a type derived from T
// and has T::clone(), which returns a copy that shares no changing state with it.
#pragma once

#include <memory>
#include <utility>

#include "core/check.h"

namespace byzsim {

/// Owns an object of a type derived from T; copying it clones the object by T::clone().
template <class T>
class Cloned {
 public:
  explicit Cloned(std::unique_ptr<T> object) : object_(std::move(object)) {
    BYZ_CHECK(object_ != nullptr, "a value that is cloned is there");
  }
  Cloned(const Cloned& other) : object_(clone_of(other)) {}
  Cloned& operator=(const Cloned& other) {
    object_ = clone_of(other);
    return *this;
  }
  Cloned(Cloned&&) noexcept = default;
  Cloned& operator=(Cloned&&) noexcept = default;

  T* operator->() const { return object_.get(); }
  T& operator*() const { return *object_; }

 private:
  static std::unique_ptr<T> clone_of(const Cloned& other) {
    BYZ_CHECK(other.object_ != nullptr, "a value that was moved from is not copied");
    std::unique_ptr<T> clone = other.object_->clone();
    BYZ_CHECK(clone != nullptr, "a clone is an object");
    return clone;
  }

  std::unique_ptr<T> object_;
};

}  // namespace byzsim
