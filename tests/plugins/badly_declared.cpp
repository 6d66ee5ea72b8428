// Declarations with every kind of mistake.
#include "adversaries/plugins/byzsim_plugin.h"

namespace {

const char* say_nothing(void*, const byzsim_attack_input*, float*) { return nullptr; }

constexpr byzsim_parameter kParameters[] = {
    {"low", "its default is too low", BYZSIM_REAL, -1, 0, 1, nullptr},
    {"half", "an integer that is none", BYZSIM_INTEGER, 0.5, 0, 1, nullptr},
    {"words", "has none", BYZSIM_WORD, 0, 0, 0, nullptr},
    {"strange", "of no type", 99, 0, 0, 0, nullptr},
    {"low", "again", BYZSIM_REAL, 0, 0, 1, nullptr},
    {"Not a name", "of capitals and spaces", BYZSIM_REAL, 0, 0, 1, nullptr}};

constexpr byzsim_attack kAttacks[] = {
    {{"parameters", "badly parametrised", nullptr, kParameters, 6},
     nullptr,
     0,
     0,
     say_nothing,
     nullptr},
    {{"reversed", "a name that exists", nullptr, nullptr, 0}, nullptr, 0, 0, say_nothing, nullptr},
    {{"Mimic", "an alias that exists, and capitals", nullptr, nullptr, 0},
     nullptr,
     0,
     0,
     say_nothing,
     nullptr},
    {{"mute", "without a function", nullptr, nullptr, 0}, nullptr, 0, 0, nullptr, nullptr},
    {{"bare", nullptr, nullptr, nullptr, 2}, nullptr, 0, 0, say_nothing, nullptr},
    {{"large", "of much memory", nullptr, nullptr, 0},
     nullptr,
     0,
     0,
     say_nothing,
     nullptr,
     SIZE_MAX}};

const char* make_nothing(void*, const byzsim_rule_input*, float*) { return nullptr; }

constexpr byzsim_rule kRules[] = {{{"growing", "of no growth", nullptr, nullptr, 0},
                                   nullptr,
                                   {0, 1},
                                   {0, 1},
                                   nullptr,
                                   make_nothing,
                                   nullptr,
                                   9},
                                  {{"keeping", "too much", nullptr, nullptr, 0},
                                   nullptr,
                                   {0, 1},
                                   {0, 1},
                                   nullptr,
                                   make_nothing,
                                   nullptr,
                                   0,
                                   17}};

}  // namespace

const byzsim_plugin byzsim_plugin_exports = {BYZSIM_PLUGIN_ABI, kAttacks, 6, nullptr, 0, kRules, 2};
