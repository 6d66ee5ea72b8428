#include <algorithm>
#include <type_traits>

#include "adversaries/plugins/plugin_call.h"
#include "adversaries/plugins/plugin_strategies.h"

namespace byzsim {
namespace {

// What the receivers' aggregation makes of some vectors, where that is known and can be computed.
// The receiver's draws lie ahead; the attacker imagines some of its own.
template <class Real>
PluginHost::Defence<Real> defence_of(const AttackInput<Real>& input) {
  if (input.defence == nullptr) return {};
  return [&input](std::span<const Real* const> vectors, Real* out) {
    if (broken_condition(*input.defence, static_cast<std::int64_t>(vectors.size()), true))
      return false;
    const AggregationInput<Real> given{vectors, input.dimension(), nullptr, input.stream};
    const std::vector<Real> made = aggregate(*input.defence, given, input.executor);
    std::copy(made.begin(), made.end(), out);
    return true;
  };
}

template <class Real, class Input>
std::vector<Real> craft_by_plugin(const PluginStrategy& strategy, void* user,
                                  const char* (*function)(void*, const Input*, Real*),
                                  const AttackInput<Real>& input) {
  if (function == nullptr)
    refuse_plugin(strategy, "computes in float32 only, but float64 was requested");
  PluginHost host(input.stream, input.executor);
  if constexpr (std::is_same_v<Real, float>)
    host.defence_float = defence_of(input);
  else
    host.defence_double = defence_of(input);
  const auto parameters = plugin_values(strategy.declaration.parameters, input.parameters);
  const bool clusters_known = input.honest_clusters.size() == input.honest.size();
  const Input given{.dimension = input.dimension(),
                    .own = input.own.data(),
                    .honest = input.honest.data(),
                    .honest_count = input.honest.size(),
                    .honest_clusters = clusters_known ? input.honest_clusters.data() : nullptr,
                    .cluster = input.cluster,
                    .n = input.n,
                    .f = input.f,
                    .parameters = parameters.data(),
                    .host = &host};
  PluginVector<Real> said(input.dimension(), Real(0));
  call_plugin(strategy, [&] { return function(user, &given, said.data()); });
  return said.take(strategy);
}

}  // namespace

Attack plugin_attack(const byzsim_attack& attack, const Declaration& declaration) {
  const PluginStrategy strategy{"attack", declaration};
  return {.declaration = declaration,
          .uses_honest = attack.uses_honest != 0,
          .craft_float =
              [strategy, &attack](AttackInput<float> input) {
                return craft_by_plugin(strategy, attack.user, attack.craft, input);
              },
          .craft_double =
              [strategy, &attack](AttackInput<double> input) {
                return craft_by_plugin(strategy, attack.user, attack.craft_double, input);
              },
          .per_cluster = attack.per_cluster != 0};
}

}  // namespace byzsim
