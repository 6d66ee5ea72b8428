// Rules that use what version 3 of the interface adds.
#include <cstddef>
#include <cstdint>

#include "adversaries/plugins/byzsim_plugin.h"

namespace {

// As `average`: each product is fused with the sum, in the order of the vectors.
template <class Input, class Real>
const char* average_by_weight(void*, const Input* input, Real* out) {
  if (!BYZSIM_HAS(Input, input, weights)) return "is given less than the header describes";
  double total = 0;
  for (std::size_t i = 0; i < input->count; ++i)
    total += input->weights == nullptr ? 1 : input->weights[i];
  for (std::size_t c = 0; c < input->dimension; ++c) {
    double sum = 0;
    for (std::size_t i = 0; i < input->count; ++i)
      sum = __builtin_fma((input->weights == nullptr ? 1 : input->weights[i]) / total,
                          double(input->vectors[i][c]), sum);
    out[c] = static_cast<Real>(sum);
  }
  return nullptr;
}

template <class Input, class Real>
const char* refuse_weights(void*, const Input* input, Real* out) {
  for (std::size_t c = 0; c < input->dimension; ++c) out[c] = input->vectors[0][c];
  return input->weights == nullptr ? nullptr : "is given weights that it did not ask for";
}

const char* write_weights(void*, const byzsim_rule_input* input, float* out) {
  for (std::size_t c = 0; c < input->dimension; ++c) out[c] = input->vectors[0][c];
  const_cast<double*>(input->weights)[1] = 0;
  return nullptr;
}

constexpr byzsim_rule rule(const char* name, decltype(byzsim_rule::aggregate) aggregate,
                           decltype(byzsim_rule::aggregate_double) aggregate_double,
                           std::int64_t uses_weights) {
  return {{name, "tests version 3", nullptr, nullptr, 0},
          nullptr,
          {0, 1},
          {0, 1},
          "n d",
          aggregate,
          aggregate_double,
          BYZSIM_GROWTH_VECTORS,
          0,
          uses_weights};
}

constexpr byzsim_rule kRules[] = {rule("weighing", average_by_weight<byzsim_rule_input, float>,
                                       average_by_weight<byzsim_rule_input_double, double>, 1),
                                  rule("not_weighing", refuse_weights<byzsim_rule_input, float>,
                                       refuse_weights<byzsim_rule_input_double, double>, 0),
                                  rule("weight_writer", write_weights, nullptr, 1)};

}  // namespace

const byzsim_plugin byzsim_plugin_exports = {
    BYZSIM_PLUGIN_ABI, nullptr, 0, nullptr, 0, kRules, 3, 0};
