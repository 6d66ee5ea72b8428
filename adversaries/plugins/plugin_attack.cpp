#include <algorithm>
#include <type_traits>

#include "adversaries/plugins/plugin_call.h"
#include "adversaries/plugins/plugin_strategies.h"
#include "adversaries/plugins/plugin_vectors.h"
#include "core/check.h"

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

template <class Real>
using Crafted = AnswerAndState<std::vector<Real>>;

template <class Real, class Input>
Crafted<Real> craft_by_plugin(const PluginFunction& called, const std::vector<Parameter>& declared,
                              void* user, const char* (*function)(void*, const Input*, Real*),
                              const AttackInput<Real>& input,
                              const PluginHost::Defence<Real>& defence, bool asked_twice) {
  if (function == nullptr)
    refuse_plugin(called, "computes in float32 only, but float64 was requested");
  PluginHost host(called, input.stream, input.executor);
  if constexpr (std::is_same_v<Real, float>)
    host.defence_float = defence;
  else
    host.defence_double = defence;
  const auto parameters = plugin_values(declared, input.parameters);
  const bool halves_known = input.honest_halves.size() == input.honest.size();
  PluginMemory<std::byte> state(input.state);
  const Input given{.dimension = input.dimension(),
                    .own = input.own.data(),
                    .honest = input.honest.data(),
                    .honest_count = input.honest.size(),
                    .honest_clusters = halves_known ? input.honest_halves.data() : nullptr,
                    .cluster = input.half,
                    .n = input.n,
                    .f = input.f,
                    .parameters = parameters.data(),
                    .host = &host,
                    .size = sizeof(Input),
                    .state = state.data()};
  PluginVector<Real> said(input.dimension(), Real(0));
  const std::span<const int> halves = halves_known ? input.honest_halves : std::span<const int>();
  call_with_inputs<Real>(called,
                         {input.honest,
                          input.own.data(),
                          input.dimension(),
                          input.parameters,
                          {reinterpret_cast<const char*>(halves.data()), halves.size_bytes()}},
                         checked_in_call(asked_twice, input.stream),
                         [&] { return function(user, &given, said.data()); });
  return {said.take(called), state.take(called)};
}

// What was crafted; the attack's memory becomes what it is after that.
template <class Real>
std::vector<Real> remember(Crafted<Real> crafted, std::span<std::byte> state) {
  std::copy(crafted.state.begin(), crafted.state.end(), state.begin());
  return std::move(crafted.made);
}

// A call outside a run has memory of its own.
template <class Real, class Craft>
std::vector<Real> craft_with_memory(const Craft& craft, AttackInput<Real> input,
                                    std::size_t state_bytes) {
  std::vector<std::byte> fresh(input.state.empty() ? state_bytes : 0);
  if (input.state.empty()) input.state = fresh;
  return craft(input, defence_of(input));
}

}  // namespace

PluginCrafters plugin_crafters(const byzsim_attack& attack, const Declaration& declaration,
                               bool keeps_state) {
  const PluginFunction craft("attack", declaration, "craft", keeps_state);
  const PluginFunction craft_double("attack", declaration, "craft_double", keeps_state);
  const std::vector<Parameter> declared = declaration.parameters;
  return {[=](const AttackInput<float>& input, const PluginHost::Defence<float>& defence) {
            const auto ask = [&](bool twice) {
              return craft_by_plugin(craft, declared, attack.user, attack.craft, input, defence,
                                     twice);
            };
            return remember(answer_of(craft, input.stream, ask), input.state);
          },
          [=](const AttackInput<double>& input, const PluginHost::Defence<double>& defence) {
            const auto ask = [&](bool twice) {
              return craft_by_plugin(craft_double, declared, attack.user, attack.craft_double,
                                     input, defence, twice);
            };
            return remember(answer_of(craft_double, input.stream, ask), input.state);
          }};
}

Attack plugin_attack(const PluginCrafters& crafters, const PluginAttackTraits& traits,
                     const Declaration& declaration) {
  BYZ_CHECK(crafters.craft_float != nullptr && crafters.craft_double != nullptr,
            "an attack crafts vectors");
  return {.declaration = declaration,
          .uses_honest = traits.uses_honest,
          .craft_float =
              [craft = crafters.craft_float, traits](AttackInput<float> input) {
                return craft_with_memory(craft, input, traits.state_bytes);
              },
          .craft_double =
              [craft = crafters.craft_double, traits](AttackInput<double> input) {
                return craft_with_memory(craft, input, traits.state_bytes);
              },
          .per_half = traits.per_half,
          .state_bytes = traits.state_bytes};
}

}  // namespace byzsim
