#include "sim/scenario/compression_checks.h"

#include <fmt/format.h>

#include "core/local_works/local_work.h"
#include "core/worker_algorithms/worker_algorithm.h"

namespace byzsim {
namespace {

// Whether the server keeps a vector of each worker.
bool is_mirrored(const Scenario& scenario) {
  return worker_algorithms().at(scenario.algorithm.name).mirror != nullptr;
}

void check_compressor(const Scenario& scenario, const ProtocolConditions& protocol,
                      Issues& issues) {
  if (protocol.compresses || !scenario.compresses()) return;
  issues.push_back({"/workers/compressor",
                    fmt::format("what workers of {} send is passed on or judged as it is",
                                protocol.declaration.name),
                    "leave it out, or use the protocol sgd, byzsgd, async_sgd or fedavg"});
}

void check_algorithm(const Scenario& scenario, Issues& issues) {
  if (scenario.numbers == Numbers::none && takes_all_examples(scenario.algorithm.parameters))
    issues.push_back({"/workers/algorithm/parameters/gradients",
                      "without numbers a worker has no examples, whose number decides how long a "
                      "gradient of all of them takes",
                      "set it to \"batch\", or set /numbers to \"real\""});
  const std::string& name = scenario.algorithm.name;
  const Group& workers = scenario.workers;
  if (is_mirrored(scenario) && workers.quorum.value_or(workers.count) != workers.count)
    issues.push_back({"/workers/quorum",
                      fmt::format("by {} the server follows every worker in each step, and it "
                                  "waits for {} of {}",
                                  name, *workers.quorum, workers.count),
                      "leave it out, or wait for all"});
  const auto& [work, parameters] = scenario.local_steps;
  if (work != local_works().declarations().front().name || parameters.integer("count") != 1)
    issues.push_back({"/workers/local_steps",
                      fmt::format("{} sends one vector of gradients at the model of a step", name),
                      "use 1, or leave the algorithm out"});
  if (scenario.momentum > 0 && scenario.momentum_at == MomentumAt::worker &&
      !worker_algorithms().at(name).with_momentum)
    issues.push_back({"/optimizer/momentum_at",
                      fmt::format("{} sends no momentum of gradients", name),
                      "set \"momentum_at\": \"server\", use the algorithm ef21, or set /optimizer/"
                      "momentum to 0"});
}

}  // namespace

void check_compression(const Scenario& scenario, const ProtocolConditions& protocol,
                       Issues& issues) {
  check_compressor(scenario, protocol, issues);
  if (!follows_algorithm(scenario)) return;
  if (protocol.algorithms == Algorithms::none)
    issues.push_back(
        {"/workers/algorithm",
         fmt::format("workers of {} send what they trained, not what {} makes of gradients",
                     protocol.declaration.name, scenario.algorithm.name),
         "leave it out, or use the protocol sgd"});
  else if (protocol.algorithms == Algorithms::unmirrored && is_mirrored(scenario))
    issues.push_back(
        {"/workers/algorithm",
         fmt::format("{} needs one trusted server that waits for every worker in each step, "
                     "and {} has none",
                     scenario.algorithm.name, protocol.declaration.name),
         "leave it out, or use the protocol sgd"});
  else
    check_algorithm(scenario, issues);
}

}  // namespace byzsim
