// An attack that keeps state between calls, and says so.
#include "adversaries/plugins/byzsim_plugin.h"

namespace {

const char* count(void*, const byzsim_attack_input* input, float* out) {
  static float calls = 0;
  calls += 1;
  for (size_t c = 0; c < input->dimension; ++c) out[c] = calls;
  return nullptr;
}

constexpr byzsim_attack kAttacks[] = {
    {{"counting", "how often it was called", nullptr, nullptr, 0}, nullptr, 0, 0, count, nullptr}};

}  // namespace

const int32_t byzsim_plugin_keeps_state = 1;
const byzsim_plugin byzsim_plugin_exports = {BYZSIM_PLUGIN_ABI, kAttacks, 1, nullptr, 0,
                                             nullptr,           0};
