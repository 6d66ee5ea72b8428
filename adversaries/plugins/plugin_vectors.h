// The vectors of one call into a plugin: those that it reads and must not change, and the one that
// it writes, with memory around it that it must leave alone.
//
// Writing further than that memory is a fault, which is reported with the plugin's name
// (plugin_guard.h).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adversaries/plugins/plugin_call.h"
#include "adversaries/plugins/plugin_guard.h"
#include "core/exact/random.h"
#include "core/input/parameters.h"

namespace byzsim {

/// What a call reads: vectors, maybe another one, the texts among the parameters, and the bytes of
/// what else it is given: whom the vectors are from, and their weights.
template <class Real>
struct CheckedInputs {
  std::span<const Real* const> vectors;
  const Real* other;  ///< null: none
  std::size_t dimension;
  const Parameters& parameters;
  std::string_view others;
  std::string_view weights = {};
};

/// Which coordinates of large inputs are compared before and after a call: all, or an eighth, so
/// that the check costs little beside the call. Of small inputs always all.
struct Checked {
  bool whole;
  std::size_t part;
};
/// All in a call that is asked twice; otherwise the eighth that its stream draws.
Checked checked_in_call(bool asked_twice, Stream stream);

/// Digest of the inputs: where each vector lies, the bits of the checked coordinates, the texts.
template <class Real>
std::uint64_t digest_of_inputs(const CheckedInputs<Real>& inputs, Checked checked);

/// Calls the function. Throws BrokenPromise if it changes its inputs, and as call_plugin does.
template <class Real>
void call_with_inputs(const PluginFunction& function, const CheckedInputs<Real>& inputs,
                      Checked checked, const std::function<const char*()>& call) {
  const std::uint64_t before = digest_of_inputs(inputs, checked);
  call_plugin(function, call);
  if (digest_of_inputs(inputs, checked) != before) refuse_plugin(function, "changed its inputs");
}

/// Memory for one output of at least `size` bytes, from this thread's spare ones: mapping pages
/// takes longer than most calls.
GuardedMemory take_guarded_memory(std::size_t size);
void give_back(GuardedMemory memory);

/// The vector that a plugin writes: `dimension` values, filled so that one that is left out shows.
template <class Real>
class PluginVector {
 public:
  PluginVector(std::size_t dimension, Real filled_with)
      : dimension_(dimension),
        memory_(take_guarded_memory(dimension * sizeof(Real) + 2 * kAround)) {
    // As near to the end of the memory as alignment lets it be: beyond are pages without access.
    const std::size_t used = (dimension * sizeof(Real) + kAround - 1) / kAround * kAround;
    begin_ = memory_.end() - used;
    std::memset(begin_ - kAround, kUntouched, kAround);
    std::memset(begin_ + dimension * sizeof(Real), kUntouched, used - dimension * sizeof(Real));
    std::fill_n(data(), dimension, filled_with);
    memory_.watch();
  }
  ~PluginVector() { give_back(std::move(memory_)); }
  PluginVector(const PluginVector&) = delete;
  PluginVector& operator=(const PluginVector&) = delete;

  Real* data() { return reinterpret_cast<Real*>(begin_); }
  /// The values written. Throws BrokenPromise if more were. `values` and `memory` name them.
  std::vector<Real> take(const PluginFunction& function,
                         const std::string& values = "values that were requested",
                         const std::string& memory = "output") {
    const std::byte* end = begin_ + dimension_ * sizeof(Real);
    if (!untouched(end, memory_.end()))
      refuse_plugin(function, "wrote more than the " + std::to_string(dimension_) + " " + values);
    if (!untouched(begin_ - kAround, begin_)) refuse_plugin(function, "wrote before its " + memory);
    return {data(), data() + dimension_};
  }

 private:
  // Bytes before and after the values that hold a pattern, which a plugin must leave alone.
  static constexpr std::size_t kAround = 64;
  static constexpr int kUntouched = 0x5b;
  static bool untouched(const std::byte* from, const std::byte* to) {
    return std::all_of(from, to, [](std::byte each) { return each == std::byte{kUntouched}; });
  }

  std::size_t dimension_;
  GuardedMemory memory_;
  std::byte* begin_;
};

/// A strategy's memory during one call: a copy of what it is now, which the strategy changes.
template <class Value>
class PluginMemory {
 public:
  explicit PluginMemory(std::span<const Value> before) {
    if (before.empty()) return;
    values_.emplace(before.size(), Value{});
    std::copy(before.begin(), before.end(), values_->data());
  }
  /// Null where it has none.
  Value* data() { return values_ ? values_->data() : nullptr; }
  /// After the call. Throws BrokenPromise if it wrote next to it.
  std::vector<Value> take(const PluginFunction& function) {
    if (!values_) return {};
    return values_->take(function, "values of its memory", "memory");
  }

 private:
  std::optional<PluginVector<Value>> values_;
};

}  // namespace byzsim
