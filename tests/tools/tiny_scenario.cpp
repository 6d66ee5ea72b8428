#include "tests/tools/tiny_scenario.h"

#include <stdexcept>
#include <vector>

namespace byzsim::process {

std::string tiny_with(const std::string& changes) {
  nlohmann::json scenario = nlohmann::json::parse(kTinyScenario);
  scenario.merge_patch(nlohmann::json::parse(changes));
  return scenario.dump(2);
}

Json tiny_run(const Arguments& more, const Environment& environment, const std::string& scenario) {
  Arguments arguments = {"run", "-", "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Outcome outcome = Sandbox().byzsim(arguments, scenario, environment);
  const bool is_result = outcome.exit_code == 0 || outcome.exit_code == 6;  // 6: it ended early
  if (!is_result) throw std::runtime_error(outcome.err);
  return Json::parse(outcome.out);
}

std::string only_run_of(const Sandbox& sandbox, const std::string& name) {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(sandbox.path() / "results" / name))
    found.push_back("results/" + name + "/" + entry.path().filename().string());
  if (found.size() != 1) throw std::runtime_error("not one run directory of " + name);
  return found[0];
}

}  // namespace byzsim::process
