#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "adversaries/plugins/plugin_call.h"
#include "adversaries/plugins/plugin_strategies.h"
#include "adversaries/plugins/plugin_text.h"
#include "adversaries/plugins/plugin_vectors.h"
#include "core/check.h"
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

template <class Real>
using Aggregated = AnswerAndState<std::vector<Real>, Real>;

template <class Real>
std::vector<Real> joined(std::span<Real* const> vectors, std::size_t dimension) {
  std::vector<Real> values;
  for (const Real* vector : vectors) values.insert(values.end(), vector, vector + dimension);
  return values;
}

template <class Real, class Input>
Aggregated<Real> aggregate_by_plugin(const PluginFunction& called,
                                     const std::vector<Parameter>& declared, void* user,
                                     const char* (*function)(void*, const Input*, Real*),
                                     const RuleInput<Real>& input, bool asked_twice) {
  if (function == nullptr)
    refuse_plugin(called, "computes in float32 only, but float64 was requested");
  const PluginHost host(called, input.stream, input.executor);
  const auto parameters = plugin_values(declared, input.parameters);
  PluginMemory<Real> memory(joined(input.memory, input.dimension));
  std::vector<Real*> kept;
  for (std::size_t i = 0; i < input.memory.size(); ++i)
    kept.push_back(memory.data() + i * input.dimension);
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
                    .weights = input.weights.empty() ? nullptr : input.weights.data(),
                    .memory = kept.empty() ? nullptr : kept.data()};
  PluginVector<Real> written(input.dimension, std::numeric_limits<Real>::quiet_NaN());
  call_with_inputs<Real>(
      called,
      {input.vectors,
       input.previous,
       input.dimension,
       input.parameters,
       {reinterpret_cast<const char*>(input.senders.data()), input.senders.size_bytes()},
       {reinterpret_cast<const char*>(input.weights.data()), input.weights.size_bytes()}},
      checked_in_call(asked_twice, input.stream),
      [&] { return function(user, &given, written.data()); });
  std::vector<Real> made = written.take(called);
  check_finite(called, input, made);
  return {std::move(made), memory.take(called)};
}

// Writes the result to `out`, and to its memory what the rule keeps.
template <class Real>
void remember_vectors(const Aggregated<Real>& aggregated, const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(aggregated.made.size() == input.dimension, "a rule makes a vector of the dimension");
  BYZ_CHECK(aggregated.state.size() == input.memory.size() * input.dimension,
            "a rule keeps as many vectors as it declares");
  std::copy(aggregated.made.begin(), aggregated.made.end(), out);
  for (std::size_t i = 0; i < input.memory.size(); ++i)
    std::copy_n(aggregated.state.data() + i * input.dimension, input.dimension, input.memory[i]);
}

// What the library declares decides what it is given. A call outside a run, or of what an attack
// imagines, has memory of its own.
template <class Real, class Aggregate>
void aggregate_as_declared(const Aggregate& ask, RuleInput<Real> input, const byzsim_rule& rule,
                           Real* out) {
  if (rule.uses_weights == 0) input.weights = {};
  const std::size_t count = input.memory.empty() ? input.vectors.size() * rule.sender_vectors : 0;
  std::vector<Real> fresh(count * input.dimension);
  std::vector<Real*> vectors;
  for (std::size_t i = 0; i < count; ++i) vectors.push_back(fresh.data() + i * input.dimension);
  if (count > 0) input.memory = vectors;
  remember_vectors<Real>(ask(input), input, out);
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
              [aggregate, declared, rule](const RuleInput<float>& given, float* out) {
                const auto ask = [&](const RuleInput<float>& input) {
                  return answer_of(aggregate, input.stream, [&](bool twice) {
                    return aggregate_by_plugin(aggregate, declared, rule.user, rule.aggregate,
                                               input, twice);
                  });
                };
                aggregate_as_declared<float>(ask, given, rule, out);
              },
          .aggregate_double =
              [aggregate_double, declared, rule](const RuleInput<double>& given, double* out) {
                const auto ask = [&](const RuleInput<double>& input) {
                  return answer_of(aggregate_double, input.stream, [&](bool twice) {
                    return aggregate_by_plugin(aggregate_double, declared, rule.user,
                                               rule.aggregate_double, input, twice);
                  });
                };
                aggregate_as_declared<double>(ask, given, rule, out);
              },
          .growth = growth_of(rule),
          .cost = cost_text(rule),
          .sender_vectors = rule.sender_vectors,
          .uses_weights = rule.uses_weights != 0};
}

}  // namespace byzsim
