#include "tools/run/model_files.h"

#include "adversaries/known_strategies.h"
#include "core/datasets/npy_file.h"
#include "core/input/issue.h"
#include "core/input/parameter_reader.h"
#include "sim/observe/kept_models.h"
#include "sim/results/results.h"
#include "sim/scenario/scenario_json.h"

namespace byzsim {
namespace {

const std::string kEvery = "every=";

std::vector<Choice> models_of_option(const std::string& option) {
  Json parameters = Json::object();
  if (option != kFinalModels) {
    // Digits alone: "every=1e2" is a number of JSON, but no option takes it.
    const std::string number = option.starts_with(kEvery) ? option.substr(kEvery.size()) : "";
    const bool digits = !number.empty() && number.size() <= 12 &&
                        number.find_first_not_of("0123456789") == std::string::npos;
    if (!digits)
      throw InputError({"--models",
                        "must be every=N with a number of steps, not \"" + option + "\"",
                        "for example --models every=100, or --models alone"});
    parameters["every"] = std::stoll(number);
  }
  Issues issues;
  Notes unread;
  std::vector<Choice> keep =
      read_choices(kept_outputs(), "output", {{"name", "models"}, {"parameters", parameters}},
                   "--models", issues, unread);
  throw_if_any(issues);
  return keep;
}

}  // namespace

void choose_models(const std::optional<std::string>& option, const std::string& out,
                   Scenario& scenario) {
  if (option) scenario.keep = models_of_option(*option);
  const char* where = option ? "--models" : "/keep";
  if (option && scenario.numbers == Numbers::none)
    throw InputError({where, "a run without numbers has no models to keep",
                      "leave it out, or --set /numbers=real"});
  // Their size is a choice of the user's, and so is the place: the default one is made for tables.
  if (scenario.keeps_models() && out.empty())
    throw InputError({where, "models are kept only in a directory that you name", "add --out DIR"});
}

bool lacks_models(const std::filesystem::path& directory, const Scenario& scenario) {
  if (!scenario.keeps_models()) return false;
  const Json stored = read_run(directory)["scenario"].value("keep", Json());
  return stored != write_scenario(scenario, scenario_tables())["keep"];
}

void write_models(const Occurrence& occurrence, const Scenario& scenario,
                  const BegunDirectory& begun) {
  if (!scenario.keeps_models_every()) return;
  for (const Deed& deed : occurrence.deeds) {
    const auto* adopted = std::get_if<Adopted>(&deed);
    if (adopted == nullptr || scenario.is_byzantine(adopted->node)) continue;
    const auto& [node, adopt] = *adopted;
    if (is_kept_on_the_way(scenario, adopt.step))
      begun.add(model_file_on_the_way(scenario, node.index, adopt.step),
                npy_of(adopt.model.values()));
  }
}

}  // namespace byzsim
