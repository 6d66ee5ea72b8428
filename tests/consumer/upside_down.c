// A plugin in C: an attack that says minus a factor times the vector of an honest node, as the
// attack `reversed` that byzsim has, so that their runs can be compared.
//
//     cc -std=c99 -O2 -shared -fPIC upside_down.c -o upside_down.so
//     byzsim run quickstart --plugin ./upside_down.so --set /adversary/workers/name=upside_down
#include <byzsim_plugin.h>

static const struct byzsim_parameter parameters[] = {{.name = "factor",
                                                      .summary = "how much longer",
                                                      .type = BYZSIM_REAL,
                                                      .fallback = 100,
                                                      .low = 0,
                                                      .high = 1e12}};

static const char* craft(void* user, const struct byzsim_attack_input* input, float* out) {
  (void)user;
  const float factor = (float)-input->parameters[0].real;
  for (size_t i = 0; i < input->dimension; ++i) out[i] = factor * input->own[i];
  return NULL;
}

static const struct byzsim_attack attacks[] = {
    {.declaration = {.name = "upside_down",
                     .summary = "-factor times its own vector, from a plugin",
                     .parameters = parameters,
                     .parameter_count = 1},
     .craft = craft}};

const struct byzsim_plugin byzsim_plugin_exports = {
    .abi = BYZSIM_PLUGIN_ABI, .attacks = attacks, .attack_count = 1};
