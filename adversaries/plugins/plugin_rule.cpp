#include <algorithm>
#include <cmath>
#include <limits>

#include "adversaries/plugins/plugin_call.h"
#include "adversaries/plugins/plugin_strategies.h"
#include "core/kernels/vector_kernels.h"

namespace byzsim {
namespace {

// A rule that makes infinities or NaN of finite vectors, or leaves coordinates out, would spoil
// every model after it.
template <class Real>
void check_finite(const PluginStrategy& strategy, const RuleInput<Real>& input,
                  const std::vector<Real>& made) {
  const auto bad =
      std::find_if(made.begin(), made.end(), [](Real value) { return !std::isfinite(value); });
  if (bad == made.end()) return;
  if (std::all_of(input.vectors.begin(), input.vectors.end(),
                  [&](const Real* vector) { return all_finite(vector, input.dimension); }))
    refuse_plugin(strategy,
                  std::string("returned ") + (std::isnan(*bad) ? "NaN or no value" : "infinity") +
                      " for finite vectors in coordinate " + std::to_string(bad - made.begin()));
}

template <class Real, class Input>
void aggregate(const PluginStrategy& strategy, void* user,
               const char* (*function)(void*, const Input*, Real*), const RuleInput<Real>& input,
               Real* out) {
  if (function == nullptr)
    refuse_plugin(strategy, "computes in float32 only, but float64 was requested");
  const PluginHost host(input.stream, input.executor);
  const auto parameters = plugin_values(strategy.declaration.parameters, input.parameters);
  const Input given{.dimension = input.dimension,
                    .vectors = input.vectors.data(),
                    .count = input.vectors.size(),
                    .f = input.f,
                    .previous = input.previous,
                    .parameters = parameters.data(),
                    .host = &host};
  PluginVector<Real> written(input.dimension, std::numeric_limits<Real>::quiet_NaN());
  call_plugin(strategy, [&] { return function(user, &given, written.data()); });
  const std::vector<Real> made = written.take(strategy);
  check_finite(strategy, input, made);
  std::copy(made.begin(), made.end(), out);
}

}  // namespace

Rule plugin_rule(const byzsim_rule& rule, const Declaration& declaration) {
  const PluginStrategy strategy{"rule", declaration};
  return {.declaration = declaration,
          .proven = {rule.proven.times_f, rule.proven.plus},
          .computable = {rule.computable.times_f, rule.computable.plus},
          .aggregate_float =
              [strategy, &rule](const RuleInput<float>& input, float* out) {
                aggregate(strategy, rule.user, rule.aggregate, input, out);
              },
          .aggregate_double =
              [strategy, &rule](const RuleInput<double>& input, double* out) {
                aggregate(strategy, rule.user, rule.aggregate_double, input, out);
              },
          .cost = rule.cost == nullptr ? "n d" : rule.cost};
}

}  // namespace byzsim
