// Strategies with memory that byzsim keeps for them, and some that write next to it.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "adversaries/plugins/byzsim_plugin.h"

namespace {

std::int64_t& counter(void* state) { return *static_cast<std::int64_t*>(state); }

// Turns and grows with every call.
template <class Input, class Real>
const char* count(void*, const Input* input, Real* out) {
  const std::int64_t calls = ++counter(input->state);
  const Real factor = static_cast<Real>(calls % 2 == 0 ? calls : -calls);
  for (std::size_t c = 0; c < input->dimension; ++c) out[c] = input->own[c] * factor;
  return nullptr;
}

const char* overflow_state(void*, const byzsim_attack_input* input, float* out) {
  std::copy_n(input->own, input->dimension, out);
  static_cast<char*>(input->state)[8] = 1;
  return nullptr;
}

const char* hold_back_in_turn(void*, const byzsim_dispatch* dispatch, std::int64_t* delay_ns) {
  *delay_ns = dispatch->drawn_ns + ++counter(dispatch->state) % 5 * 1'000'000;
  return nullptr;
}

// The mean of the momenta of all senders: as the average of workers that keep momentum.
template <class Input, class Real>
const char* average_momenta(void*, const Input* input, Real* out) {
  const Real kept = static_cast<Real>(0.9), added = static_cast<Real>(1.0 - 0.9);
  for (std::size_t i = 0; i < input->count; ++i)
    for (std::size_t c = 0; c < input->dimension; ++c)
      input->memory[i][c] = kept * input->memory[i][c] + added * input->vectors[i][c];
  for (std::size_t c = 0; c < input->dimension; ++c) {
    double sum = 0;
    for (std::size_t i = 0; i < input->count; ++i) sum += double(input->memory[i][c]);
    out[c] = static_cast<Real>(sum / double(input->count));
  }
  return nullptr;
}

const char* overflow_memory(void*, const byzsim_rule_input* input, float* out) {
  std::copy_n(input->vectors[0], input->dimension, out);
  input->memory[2 * input->count - 1][input->dimension] = 1;
  return nullptr;
}

constexpr byzsim_attack attack(const char* name, decltype(byzsim_attack::craft) craft,
                               std::size_t state_bytes) {
  return {{name, "with memory", nullptr, nullptr, 0}, nullptr,    0, 0, craft,
          count<byzsim_attack_input_double, double>,  state_bytes};
}

constexpr byzsim_rule rule(const char* name, decltype(byzsim_rule::aggregate) aggregate,
                           std::size_t sender_vectors) {
  return {{name, "with memory", nullptr, nullptr, 0},
          nullptr,
          {0, 1},
          {0, 1},
          nullptr,
          aggregate,
          average_momenta<byzsim_rule_input_double, double>,
          BYZSIM_GROWTH_VECTORS,
          sender_vectors};
}

constexpr byzsim_attack kAttacks[] = {
    attack("remembering", count<byzsim_attack_input, float>, sizeof(std::int64_t)),
    attack("overflowing", overflow_state, sizeof(std::int64_t))};
constexpr byzsim_scheduler kSchedulers[] = {{{"in_turn", "with memory", nullptr, nullptr, 0},
                                             nullptr,
                                             hold_back_in_turn,
                                             sizeof(std::int64_t)}};
constexpr byzsim_rule kRules[] = {
    rule("average_of_momenta", average_momenta<byzsim_rule_input, float>, 1),
    rule("overflowing_rule", overflow_memory, 2)};

}  // namespace

const byzsim_plugin byzsim_plugin_exports = {
    BYZSIM_PLUGIN_ABI, kAttacks, 2, kSchedulers, 1, kRules, 2, 0};
