// One call into a plugin: what the host does for it meanwhile, and what it must not leave behind.
#pragma once

#include <exception>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "adversaries/plugins/byzsim_plugin.h"
#include "core/floating_point.h"
#include "core/issue.h"
#include "core/parallel.h"
#include "core/parameters.h"
#include "core/random.h"

namespace byzsim {

/// A strategy of a plugin, as adapters know it.
struct PluginStrategy {
  std::string kind;  ///< "rule", "attack", "scheduler"
  Declaration declaration;
};

/// Throws InputError: the plugin's file, its strategy, and what that did wrong.
[[noreturn]] void refuse_plugin(const PluginStrategy& strategy, const std::string& problem);

/// The host during one call; outlives it.
struct PluginHost : byzsim_host {
  PluginHost(Stream drawn_from, const Executor& threads);
  template <class Real>
  using Defence = std::function<bool(std::span<const Real* const> vectors, Real* out)>;

  mutable Stream stream;
  const Executor& executor;
  Defence<float> defence_float = {};  ///< empty: none is known
  Defence<double> defence_double = {};
};

/// The values of declared parameters as a plugin reads them; texts belong to `parameters`.
std::vector<byzsim_value> plugin_values(const std::vector<Parameter>& declared,
                                        const Parameters& parameters);

/// Calls a function of the strategy. Throws InputError if it reports an error, lets an exception
/// out or changes the floating-point environment, which is put right again.
template <class Call>
void call_plugin(const PluginStrategy& strategy, Call call) {
  const char* error = nullptr;
  try {
    error = call();
  } catch (const InputError&) {  // of the defence that an attack asked for
    throw;
  } catch (const std::exception& exception) {
    refuse_plugin(strategy, std::string("threw an exception: ") + exception.what());
  } catch (...) {
    refuse_plugin(strategy, "threw an exception");
  }
  if (const char* problem = floating_point_problem()) {
    reset_floating_point();
    refuse_plugin(strategy, std::string("changed the floating-point environment: ") + problem);
  }
  if (error != nullptr) refuse_plugin(strategy, std::string("failed: ") + error);
}

/// The vector that a plugin writes, with an end that it must leave alone.
template <class Real>
class PluginVector {
 public:
  PluginVector(std::size_t dimension, Real filled_with)
      : dimension_(dimension), values_(dimension, filled_with) {
    values_.resize(dimension + kEnd, kUntouched);
  }
  Real* data() { return values_.data(); }
  /// The values written. Throws InputError if more were.
  std::vector<Real> take(const PluginStrategy& strategy) {
    for (std::size_t i = dimension_; i < values_.size(); ++i)
      if (values_[i] != kUntouched)
        refuse_plugin(strategy, "wrote more than the " + std::to_string(dimension_) +
                                    " values that were requested");
    values_.resize(dimension_);
    return std::move(values_);
  }

 private:
  static constexpr std::size_t kEnd = 16;
  static constexpr Real kUntouched = Real(-6.5e-12);
  std::size_t dimension_;
  std::vector<Real> values_;
};

}  // namespace byzsim
