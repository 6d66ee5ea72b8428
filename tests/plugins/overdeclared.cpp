// Declarations that go on where nothing is, as the environment variable OVERDECLARED says.
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "adversaries/plugins/byzsim_plugin.h"

namespace {

const char* say_nothing(void*, const byzsim_attack_input*, float*) { return nullptr; }

char endless[1 << 16];
const char* endless_words[1 << 12];
byzsim_parameter parameters[1] = {{"a", "b", BYZSIM_WORD, 0, 0, 0, endless_words}};
byzsim_attack attacks[1] = {
    {{"overdeclared", "fine", nullptr, parameters, 1}, nullptr, 0, 0, say_nothing, nullptr}};

}  // namespace

extern "C" byzsim_plugin exports __asm__("byzsim_plugin_exports");
__attribute__((visibility("default")))
byzsim_plugin exports = {BYZSIM_PLUGIN_ABI, attacks, 1, nullptr, 0, nullptr, 0};

namespace {

[[gnu::constructor]] void declare_too_much() {
  std::memset(endless, 'n', sizeof endless);
  for (const char*& word : endless_words) word = "word";
  const char* given = std::getenv("OVERDECLARED");
  const std::string_view what = given == nullptr ? "" : given;
  if (what != "words") endless_words[2] = nullptr;
  if (what == "name") attacks[0].declaration.name = endless;
  if (what == "summary") attacks[0].declaration.summary = endless;
  if (what == "strategies") exports.attack_count = SIZE_MAX / 2;
  if (what == "parameters") attacks[0].declaration.parameter_count = 1'000'000;
  if (what == "pointer") exports.attacks = reinterpret_cast<byzsim_attack*>(64);
  if (what == "unprintable") attacks[0].declaration.summary = "red \x1b[31m \xff";
}

}  // namespace
