// One call into a plugin: what the host does for it meanwhile, and what it must not leave behind.
//
// After every call: the floating-point environment is as before, and no exception has come out. In
// the first call of a function and in one of 64, named by its stream, also: the process is
// unchanged, and the same input has the same answer. A broken promise is the plugin's fault, and
// its user is told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adversaries/plugins/byzsim_plugin.h"
#include "adversaries/plugins/process_state.h"
#include "core/exact/random.h"
#include "core/input/issue.h"
#include "core/input/parameters.h"
#include "core/machine/parallel.h"

namespace byzsim {

/// A plugin broke a promise of byzsim_plugin.h: a user's error, which names the function.
class BrokenPromise : public InputError {
 public:
  using InputError::InputError;
};

/// A function of a plugin's strategy. Copies share whether it was called.
struct PluginFunction {
  PluginFunction(const std::string& kind, const Declaration& declaration, const char* name,
                 bool keeps_state);
  std::string kind;   ///< of the strategy: "rule", "attack", "scheduler"
  std::string place;  ///< "plugin FILE, attack NAME, in craft"
  bool keeps_state;   ///< as its library declares
  std::shared_ptr<std::once_flag> first_call = std::make_shared<std::once_flag>();
};

/// Throws BrokenPromise: the function, and what it did wrong.
[[noreturn]] void refuse_plugin(const PluginFunction& function, const std::string& problem);

/// What a plugin may ask byzsim for during one call: draws, threads and the receivers' aggregation.
/// Outlives the call.
struct PluginHost : byzsim_host {
  PluginHost(const PluginFunction& called, Stream drawn_from, const Executor& threads);
  template <class Real>
  using Defence = std::function<bool(std::span<const Real* const> vectors, Real* out)>;

  const PluginFunction& function;
  mutable Stream stream;
  const Executor& executor;
  Defence<float> defence_float = {};  ///< empty: none is known
  Defence<double> defence_double = {};
};

/// The values of declared parameters as a plugin reads them; texts belong to `parameters`.
std::vector<byzsim_value> plugin_values(const std::vector<Parameter>& declared,
                                        const Parameters& parameters);

/// Calls a function of the strategy. Throws BrokenPromise if it reports an error, lets an exception
/// out or changes the floating-point environment, which is put right again.
void call_plugin(const PluginFunction& function, const std::function<const char*()>& call);

/// The process before a call of those that are asked twice: the first, and one in 64 of those named
/// so. Nothing for the others.
std::optional<ProcessState> state_before_checked_call(const PluginFunction& function,
                                                      Stream stream);

/// Whether two answers have the same bits: NaN compare by theirs, and -0 differs from 0.
template <class Real>
bool same_bits(const std::vector<Real>& a, const std::vector<Real>& b) {
  // memcmp takes no null pointer, which the data of an empty vector may be.
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)) == 0);
}
inline bool same_bits(std::int64_t a, std::int64_t b) { return a == b; }

/// An answer, and the memory of the strategy after it.
template <class Made, class Value = std::byte>
struct AnswerAndState {
  Made made;
  std::vector<Value> state;
};
template <class Made, class Value>
bool same_bits(const AnswerAndState<Made, Value>& a, const AnswerAndState<Made, Value>& b) {
  return same_bits(a.made, b.made) && same_bits(a.state, b.state);
}

/// The answer of `ask`, which calls the function and is told whether it is asked twice; answers are
/// compared by their bits. Throws BrokenPromise if
/// the same question has two answers or the process was changed.
template <class Ask>
auto answer_of(const PluginFunction& function, const Stream& stream, const Ask& ask) {
  const std::optional<ProcessState> before = state_before_checked_call(function, stream);
  if (!before) return ask(false);
  auto answer = ask(true);
  if (const std::string change = before->change(); !change.empty()) refuse_plugin(function, change);
  if (!function.keeps_state && !same_bits(answer, ask(true)))
    refuse_plugin(function,
                  "answered the same input differently: it keeps state between calls, or draws "
                  "numbers of its own");
  return answer;
}

}  // namespace byzsim
