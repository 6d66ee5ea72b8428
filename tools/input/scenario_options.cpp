#include "tools/input/scenario_options.h"

namespace byzsim {

void offer_scenario(CommandOptions& options, ScenarioOptions& own) {
  options.text("SCENARIO", own.name,
               "A file (also a run.json), - for standard input, or a shipped scenario (byzsim list "
               "scenarios)");
  options.complete("SCENARIO", [] { return names_of(shipped_scenarios()); });
  offer_sets(options, own.sets);
  options.text("--seed N", own.seed, "Same as --set /seed=N");
}

void offer_sets(CommandOptions& options, std::vector<std::string>& sets) {
  options.texts("--set /POINTER=VALUE", sets,
                "Set one value: a JSON pointer and a JSON value (a bare name is a string)");
}

ScenarioSource source_of(const ScenarioOptions& own, const CommonOptions& common) {
  ScenarioSource source{own.name, own.sets, {}, common.plugins};
  if (own.seed) source.sets.push_back("/seed=" + *own.seed);
  return source;
}

}  // namespace byzsim
