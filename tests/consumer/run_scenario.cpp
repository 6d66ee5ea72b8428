// Runs a scenario with byzsim's libraries and prints the digest of the run.
#include <exception>
#include <iostream>
#include <memory>

#include "adversaries/coalition.h"
#include "adversaries/known_strategies.h"
#include "adversaries/plugins/plugin_library.h"
#include "sim/results/results.h"
#include "sim/run/simulation.h"
#include "sim/scenario/scenario_json.h"

int main(int argc, char** argv) {
  using namespace byzsim;
  if (argc < 2) {
    std::cerr << "usage: run_scenario SCENARIO [PLUGIN]...\n";
    return 2;
  }
  try {
    for (int i = 2; i < argc; ++i) load_plugin(argv[i]);
    const Scenario scenario =
        read_scenario(parse_json(read_text(argv[1]), argv[1]), scenario_tables());
    const Executor executor(2);
    const auto workload =
        std::make_shared<const Workload>(scenario, executor, "", poisoning_of(scenario));
    Simulation simulation(workload, make_adversary(scenario));
    while (simulation.advance()) {
    }
    simulation.finish();
    std::cout << simulation.digest().run_hex() << "\n";
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
}
