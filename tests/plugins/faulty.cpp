// Strategies that break the promises of byzsim_plugin.h, one each.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

#include "adversaries/plugins/byzsim_plugin.h"
#include "tests/plugins/flush_denormals.h"

namespace {

const char* fail(void*, const byzsim_attack_input*, float*) { return "no idea what to say"; }

const char* let_exception_out(void*, const byzsim_attack_input*, float*) {
  throw std::runtime_error("out of here");
}

const char* flush_denormals(void*, const byzsim_attack_input*, float*) {
  ::flush_denormals();
  return nullptr;
}

const char* write_too_much(void*, const byzsim_attack_input* input, float* out) {
  for (std::size_t c = 0; c <= input->dimension; ++c) out[c] = 1;
  return nullptr;
}

const char* write_infinity(void*, const byzsim_attack_input* input, float* out) {
  for (std::size_t c = 0; c < input->dimension; ++c) out[c] = INFINITY;
  return nullptr;
}

const char* arrive_before(void*, const byzsim_dispatch*, std::int64_t* delay_ns) {
  *delay_ns = -5;
  return nullptr;
}

const char* write_nan(void*, const byzsim_rule_input* input, float* out) {
  for (std::size_t c = 0; c < input->dimension; ++c) out[c] = c == 1 ? NAN : 0;
  return nullptr;
}

const char* write_half(void*, const byzsim_rule_input* input, float* out) {
  for (std::size_t c = 0; c < input->dimension / 2; ++c) out[c] = 0;
  return nullptr;
}

constexpr byzsim_attack attack(const char* name,
                               const char* (*craft)(void*, const byzsim_attack_input*, float*)) {
  return {{name, "breaks a promise", nullptr, nullptr, 0}, nullptr, 0, 0, craft, nullptr};
}

constexpr byzsim_rule rule(const char* name,
                           const char* (*aggregate)(void*, const byzsim_rule_input*, float*)) {
  return {{name, "breaks a promise", nullptr, nullptr, 0},
          nullptr,
          {0, 1},
          {0, 1},
          nullptr,
          aggregate,
          nullptr};
}

constexpr byzsim_attack kAttacks[] = {
    attack("failing", fail), attack("throwing", let_exception_out),
    attack("flushing", flush_denormals), attack("overlong", write_too_much),
    attack("boundless", write_infinity)};
constexpr byzsim_scheduler kSchedulers[] = {
    {{"before", "breaks a promise", nullptr, nullptr, 0}, nullptr, arrive_before}};
constexpr byzsim_rule kRules[] = {rule("nan_writer", write_nan), rule("half_writer", write_half)};

}  // namespace

const byzsim_plugin byzsim_plugin_exports = {
    BYZSIM_PLUGIN_ABI, kAttacks, 5, kSchedulers, 1, kRules, 2};
