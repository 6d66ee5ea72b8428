// A library of a later version of the interface: every struct that it declares is longer than those
// of byzsim_plugin.h, and it can do without what is new. The environment variable LEAST_ABI makes
// it need more.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "adversaries/plugins/byzsim_plugin.h"

namespace {

struct LaterParameter {
  byzsim_parameter known;
  const char* unit;
};
struct LaterDeclaration {
  byzsim_declaration known;
  const char* licence;
};
struct LaterAttack {
  LaterDeclaration declaration;
  void* user;
  std::int32_t uses_honest, per_cluster;
  decltype(byzsim_attack::craft) craft;
  decltype(byzsim_attack::craft_double) craft_double;
  std::size_t state_bytes;
  std::size_t later[2];
};
struct LaterRule {
  LaterDeclaration declaration;
  void* user;
  byzsim_bound proven, computable;
  const char* cost;
  decltype(byzsim_rule::aggregate) aggregate;
  decltype(byzsim_rule::aggregate_double) aggregate_double;
  std::int64_t growth;
  std::size_t sender_vectors;
  std::int64_t uses_weights;
  std::size_t later[2];
};
struct LaterPlugin {
  byzsim_plugin known;
  const void* later;
};

const char* shrink(void*, const byzsim_attack_input* input, float* out) {
  const float factor = static_cast<float>(input->parameters[1].real);
  for (std::size_t c = 0; c < input->dimension; ++c) out[c] = input->own[c] * -factor;
  return nullptr;
}

const char* take_first(void*, const byzsim_rule_input* input, float* out) {
  for (std::size_t c = 0; c < input->dimension; ++c) out[c] = input->vectors[0][c];
  return nullptr;
}

const LaterParameter kParameters[] = {
    {{"unused", "nothing", BYZSIM_FLAG, 0, 0, 0, nullptr}, "none"},
    {{"factor", "how much longer", BYZSIM_REAL, 100, 0, 1e12, nullptr}, "times"}};
const auto* const kKnownParameters = reinterpret_cast<const byzsim_parameter*>(kParameters);

const LaterAttack kAttacks[] = {
    {{{"first_later", "does nothing", nullptr, nullptr, 0}, "free"},
     nullptr,
     0,
     0,
     shrink,
     nullptr,
     0,
     {1, 2}},
    {{{"later_reversed", "as reversed", nullptr, kKnownParameters, 2}, "free"},
     nullptr,
     0,
     0,
     shrink,
     nullptr,
     0,
     {1, 2}}};
const LaterRule kRules[] = {{{{"later_rule", "the first vector", nullptr, nullptr, 0}, "free"},
                             nullptr,
                             {0, 1},
                             {0, 1},
                             nullptr,
                             take_first,
                             nullptr,
                             BYZSIM_GROWTH_SORTING,
                             0,
                             0,
                             {7, 7}}};

}  // namespace

extern "C" LaterPlugin exports __asm__("byzsim_plugin_exports");
__attribute__((visibility("default"))) LaterPlugin exports = {
    {BYZSIM_PLUGIN_ABI + 1, reinterpret_cast<const byzsim_attack*>(kAttacks), 2, nullptr, 0,
     reinterpret_cast<const byzsim_rule*>(kRules), 1, BYZSIM_PLUGIN_ABI},
    kAttacks};

// In the order of byzsim_sizes, and one more (other_sizes.cpp).
extern const std::uint32_t kLaterSizes[10];
const std::uint32_t kLaterSizes[10] = {sizeof kLaterSizes,         sizeof(LaterPlugin),
                                       sizeof(LaterDeclaration),   sizeof(LaterParameter),
                                       sizeof(LaterAttack),        sizeof(byzsim_scheduler) + 8,
                                       sizeof(LaterRule),          sizeof(byzsim_model) + 8,
                                       sizeof(byzsim_dataset) + 8, 1000};

namespace {

[[gnu::constructor]] void need_more() {
  if (const char* least = std::getenv("LEAST_ABI"))
    exports.known.least_abi = std::strtoull(least, nullptr, 10);
}

}  // namespace
