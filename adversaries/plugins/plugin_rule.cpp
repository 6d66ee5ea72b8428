#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "adversaries/plugins/plugin_call.h"
#include "adversaries/plugins/plugin_strategies.h"
#include "adversaries/plugins/plugin_text.h"
#include "adversaries/plugins/plugin_vectors.h"
#include "core/kernels/vector_kernels.h"

namespace byzsim {
namespace {

// A rule that makes infinities or NaN of finite vectors, or leaves coordinates out, would spoil
// every model after it.
template <class Real>
void check_finite(const PluginFunction& called, const RuleInput<Real>& input,
                  const std::vector<Real>& made) {
  const auto bad =
      std::find_if(made.begin(), made.end(), [](Real value) { return !std::isfinite(value); });
  if (bad == made.end()) return;
  if (std::all_of(input.vectors.begin(), input.vectors.end(),
                  [&](const Real* vector) { return all_finite(vector, input.dimension); }))
    refuse_plugin(called,
                  std::string("returned ") + (std::isnan(*bad) ? "NaN or no value" : "infinity") +
                      " for finite vectors in coordinate " + std::to_string(bad - made.begin()));
}

template <class Real, class Input>
std::vector<Real> aggregate_by_plugin(const PluginFunction& called,
                                      const std::vector<Parameter>& declared, void* user,
                                      const char* (*function)(void*, const Input*, Real*),
                                      const RuleInput<Real>& input, bool asked_twice) {
  if (function == nullptr)
    refuse_plugin(called, "computes in float32 only, but float64 was requested");
  const PluginHost host(called, input.stream, input.executor);
  const auto parameters = plugin_values(declared, input.parameters);
  const Input given{.dimension = input.dimension,
                    .vectors = input.vectors.data(),
                    .count = input.vectors.size(),
                    .f = input.f,
                    .previous = input.previous,
                    .parameters = parameters.data(),
                    .host = &host,
                    .size = sizeof(Input),
                    .own_index = input.own ? static_cast<std::int64_t>(*input.own) : -1,
                    .senders = input.senders.empty() ? nullptr : input.senders.data(),
                    .weights = nullptr};
  PluginVector<Real> written(input.dimension, std::numeric_limits<Real>::quiet_NaN());
  call_with_inputs<Real>(
      called,
      {input.vectors,
       input.previous,
       input.dimension,
       input.parameters,
       {reinterpret_cast<const char*>(input.senders.data()), input.senders.size_bytes()}},
      checked_in_call(asked_twice, input.stream),
      [&] { return function(user, &given, written.data()); });
  std::vector<Real> made = written.take(called);
  check_finite(called, input, made);
  return made;
}

// In version 1 the sentence alone tells it, by how it begins.
Growth growth_of(const byzsim_rule& rule) {
  if (rule.growth == BYZSIM_GROWTH_VECTORS) return Growth::vectors;
  if (rule.growth == BYZSIM_GROWTH_SORTING) return Growth::sorting;
  if (rule.growth == BYZSIM_GROWTH_PAIRS) return Growth::pairs;
  const std::string_view sentence = bounded_text(rule.cost, kLongestPluginText);
  if (sentence.starts_with("n^2")) return Growth::pairs;
  return sentence.starts_with("n log") ? Growth::sorting : Growth::vectors;
}

std::string cost_text(const byzsim_rule& rule) {
  if (rule.cost != nullptr) return shown_text(rule.cost);
  switch (growth_of(rule)) {
    case Growth::vectors:
      return "n d";
    case Growth::sorting:
      return "n log(n) d";
    case Growth::pairs:
      return "n^2 d";
  }
  return "";
}

}  // namespace

Rule plugin_rule(const byzsim_rule& rule, const Declaration& declaration, bool keeps_state) {
  const PluginFunction aggregate("rule", declaration, "aggregate", keeps_state);
  const PluginFunction aggregate_double("rule", declaration, "aggregate_double", keeps_state);
  const std::vector<Parameter> declared = declaration.parameters;
  return {.declaration = declaration,
          .proven = {rule.proven.times_f, rule.proven.plus},
          .computable = {rule.computable.times_f, rule.computable.plus},
          .aggregate_float =
              [aggregate, declared, rule](const RuleInput<float>& input, float* out) {
                const auto made = answer_of(aggregate, input.stream, [&](bool twice) {
                  return aggregate_by_plugin(aggregate, declared, rule.user, rule.aggregate, input,
                                             twice);
                });
                std::copy(made.begin(), made.end(), out);
              },
          .aggregate_double =
              [aggregate_double, declared, rule](const RuleInput<double>& input, double* out) {
                const auto made = answer_of(aggregate_double, input.stream, [&](bool twice) {
                  return aggregate_by_plugin(aggregate_double, declared, rule.user,
                                             rule.aggregate_double, input, twice);
                });
                std::copy(made.begin(), made.end(), out);
              },
          .growth = growth_of(rule),
          .cost = cost_text(rule)};
}

}  // namespace byzsim
