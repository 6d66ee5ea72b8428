#include "adversaries/plugins/plugin_call.h"

#include <algorithm>

#include "core/shards.h"

namespace byzsim {
namespace {

const PluginHost& of(const byzsim_host* host) { return static_cast<const PluginHost&>(*host); }

template <class Real>
int defend(const PluginHost::Defence<Real>& defence, const Real* const* vectors, std::size_t count,
           Real* out) {
  return defence && defence({vectors, count}, out) ? 0 : 1;
}

byzsim_host functions() {
  return {.bits = [](const byzsim_host* host) { return of(host).stream.bits(); },
          .uniform = [](const byzsim_host* host) { return of(host).stream.uniform(); },
          .normal = [](const byzsim_host* host) { return of(host).stream.normal(); },
          .below = [](const byzsim_host* host,
                      std::uint64_t bound) { return of(host).stream.below(bound); },
          .for_each_shard =
              [](const byzsim_host* host, std::size_t dimension,
                 void (*body)(void*, std::size_t, std::size_t), void* context) {
                for_each_shard(of(host).executor, dimension, [&](Shard shard, std::size_t) {
                  body(context, shard.begin, shard.end);
                });
              },
          .defend = [](const byzsim_host* host, const float* const* vectors, std::size_t count,
                       float* out) { return defend(of(host).defence_float, vectors, count, out); },
          .defend_double =
              [](const byzsim_host* host, const double* const* vectors, std::size_t count,
                 double* out) { return defend(of(host).defence_double, vectors, count, out); }};
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

void refuse_plugin(const PluginStrategy& strategy, const std::string& problem) {
  const Declaration& declaration = strategy.declaration;
  throw InputError({declaration.plugin->file,
                    "the " + strategy.kind + " " + declaration.name + " " + problem,
                    "fix the plugin, or choose another " + strategy.kind});
}

PluginHost::PluginHost(Stream drawn_from, const Executor& threads)
    : byzsim_host(functions()), stream(drawn_from), executor(threads) {}

std::vector<byzsim_value> plugin_values(const std::vector<Parameter>& declared,
                                        const Parameters& parameters) {
  std::vector<byzsim_value> values;
  for (const auto& [name, value] : parameters.values())
    values.push_back(plugin_value(declared[values.size()], value));
  return values;
}

}  // namespace byzsim
