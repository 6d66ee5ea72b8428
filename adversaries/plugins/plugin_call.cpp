#include "adversaries/plugins/plugin_call.h"

#include <cxxabi.h>
#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "adversaries/plugins/plugin_guard.h"
#include "adversaries/plugins/plugin_text.h"
#include "core/check.h"
#include "core/exact/floating_point.h"
#include "core/machine/shards.h"

namespace byzsim {
namespace {

const PluginHost& of(const byzsim_host* host) { return static_cast<const PluginHost&>(*host); }

template <class Real>
int defend(const PluginHost::Defence<Real>& defence, const Real* const* vectors, std::size_t count,
           Real* out) {
  const GuardedCall own_code(nullptr);
  return defence && defence({vectors, count}, out) ? 0 : 1;
}

void check_environment(const PluginFunction& function) {
  const char* problem = floating_point_problem();
  if (problem == nullptr) return;
  reset_floating_point();
  refuse_plugin(function, std::string("changed the floating-point environment: ") + problem);
}

// On whatever thread a shard is worked on.
void for_each_shard_of_plugin(const byzsim_host* host, std::size_t dimension,
                              void (*body)(void*, std::size_t, std::size_t), void* context) {
  const PluginFunction& function = of(host).function;
  const GuardedCall own_code(nullptr);
  for_each_shard(of(host).executor, dimension, [&](Shard shard, std::size_t) {
    {
      const GuardedCall call(function.place.c_str());
      body(context, shard.begin, shard.end);
    }
    check_environment(function);
  });
}

byzsim_host functions() {
  return {.bits = [](const byzsim_host* host) { return of(host).stream.bits(); },
          .uniform = [](const byzsim_host* host) { return of(host).stream.uniform(); },
          .normal = [](const byzsim_host* host) { return of(host).stream.normal(); },
          .below = [](const byzsim_host* host,
                      std::uint64_t bound) { return of(host).stream.below(bound); },
          .for_each_shard = for_each_shard_of_plugin,
          .defend = [](const byzsim_host* host, const float* const* vectors, std::size_t count,
                       float* out) { return defend(of(host).defence_float, vectors, count, out); },
          .defend_double =
              [](const byzsim_host* host, const double* const* vectors, std::size_t count,
                 double* out) { return defend(of(host).defence_double, vectors, count, out); },
          .size = sizeof(byzsim_host)};
}

byzsim_value plugin_value(const Parameter& declared, const Value& value) {
  struct Reader {
    const Parameter& declared;
    byzsim_value operator()(bool v) const { return {v ? 1.0 : 0.0, v ? 1 : 0, nullptr}; }
    byzsim_value operator()(std::int64_t v) const { return {double(v), v, nullptr}; }
    byzsim_value operator()(double v) const { return {v, 0, nullptr}; }
    byzsim_value operator()(const std::string& v) const {
      const auto& words = declared.words;
      return {0, std::find(words.begin(), words.end(), v) - words.begin(), v.c_str()};
    }
    // No plugin can declare lists.
    byzsim_value operator()(const std::vector<std::int64_t>&) const { return {}; }
    byzsim_value operator()(const std::vector<double>&) const { return {}; }
  };
  return std::visit(Reader{declared}, value);
}

}  // namespace

PluginFunction::PluginFunction(const std::string& of_kind, const Declaration& declaration,
                               const char* name, bool with_state)
    : kind(of_kind),
      place(fmt::format("plugin {}, {} {}, in {}", declaration.plugin->file, of_kind,
                        declaration.name, name)),
      keeps_state(with_state) {}

void refuse_plugin(const PluginFunction& function, const std::string& problem) {
  throw BrokenPromise(
      {function.place, problem, "fix the plugin, or choose another " + function.kind});
}

PluginHost::PluginHost(const PluginFunction& called, Stream drawn_from, const Executor& threads)
    : byzsim_host(functions()), function(called), stream(drawn_from), executor(threads) {}

std::vector<byzsim_value> plugin_values(const std::vector<Parameter>& declared,
                                        const Parameters& parameters) {
  BYZ_CHECK(declared.size() == parameters.values().size(), "every declared parameter has a value");
  std::vector<byzsim_value> values;
  for (const auto& [name, value] : parameters.values())
    values.push_back(plugin_value(declared[values.size()], value));
  return values;
}

void call_plugin(const PluginFunction& function, const std::function<const char*()>& call) {
  BYZ_CHECK(call != nullptr, "a function of the plugin is called");
  std::string problem;
  try {
    const GuardedCall guard(function.place.c_str());
    try {
      const char* error = call();
      guard.end_copies();
      if (error != nullptr) problem = "failed: " + shown_text(error);
    } catch (const InputError&) {  // of the defence that an attack asked for
      throw;
    } catch (const abi::__forced_unwind&) {
      GuardedCall::end("ended its thread");
    } catch (const std::exception& exception) {
      problem = "threw an exception: " + shown_text(exception.what());
    } catch (...) {
      problem = "threw an exception";
    }
  } catch (const InputError&) {
    check_environment(function);
    throw;
  }
  check_environment(function);
  if (!problem.empty()) refuse_plugin(function, problem);
}

std::optional<ProcessState> state_before_checked_call(const PluginFunction& function,
                                                      Stream stream) {
  std::optional<ProcessState> before;
  // No call on another thread begins, and changes the process unseen, before the state is taken.
  std::call_once(*function.first_call, [&] { before.emplace(); });
  if (!before && stream.bits() % 64 == 0) before.emplace();
  return before;
}

}  // namespace byzsim
