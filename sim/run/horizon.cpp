// A lower bound of the simulated time of a run: whatever is left out here can only make it
// longer.

#include "sim/run/horizon.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/check.h"
#include "core/compressors/compressor.h"
#include "core/input/issue.h"
#include "core/rules/rule.h"
#include "sim/network/delays/delay.h"
#include "sim/network/faults/fault.h"
#include "sim/protocols/protocol.h"
#include "sim/world/message.h"
#include "sim/world/time.h"

namespace byzsim {
namespace {

constexpr double kYear = 365.25 * 24 * 3600;  // seconds

// A setting and the nanoseconds of a step that it accounts for.
struct StepPart {
  std::string setting;
  double nanoseconds;
};

double shortest(const Choice& choice) {
  const DelayEntry& entry = delays().at(choice.name);
  return entry.shortest == nullptr ? 0 : double(entry.shortest(choice.parameters));
}

double shortest_delay(const Scenario& scenario) {
  double least = shortest(scenario.delay);
  for (const LinkDelay& link : scenario.links) least = std::min(least, shortest(link.delay));
  return least;
}

// Of the nodes that compute fastest.
double least_slowdown(const Scenario& scenario) {
  double least = 1;
  for (const Choice& fault : scenario.faults)
    // A factor above 1 need not slow every node: the bound stays.
    if (fault.name == "straggler") least *= std::min(1.0, fault.parameters.real("factor"));
  return least;
}

// What a model and an answer take at least.
double transfers(const std::optional<std::int64_t>& bits_per_second, const Scenario& scenario,
                 std::size_t dimension) {
  if (!bits_per_second) return 0;
  const double model = 4.0 * double(dimension);
  const double answer =
      scenario.compresses() ? double(compressed_bytes(scenario.compressor, dimension)) : model;
  // Bits of a byte times nanoseconds of a second.
  return 8e9 * (2 * double(kHeaderBytes) + model + answer) / double(*bits_per_second);
}

// In every step a vector travels to a node and one back, and both compute.
std::vector<StepPart> parts_of_step(const Scenario& scenario, std::size_t dimension) {
  const Protocol& protocol = protocols().at(scenario.protocol.name);
  const double factor = least_slowdown(scenario);
  // One node that is server and worker at once sends nothing.
  const bool alone = protocol.one_role && scenario.servers.count == 1;
  const auto time_of = [&](const std::optional<std::int64_t>& bits_per_second) {
    return alone ? 0 : transfers(bits_per_second, scenario, dimension);
  };
  const NetworkPlan& network = scenario.network;
  const double servers = time_of(network.server_bandwidth),
               workers = time_of(network.worker_bandwidth);
  std::vector<StepPart> parts = {
      {"/network/delay", alone ? 0 : 2 * shortest_delay(scenario)},
      // The slower card of the two is what a message waits for, and what the user is told.
      {servers > workers ? "/network/server_bandwidth" : "/network/worker_bandwidth",
       std::max(servers, workers)},
      {"/network/serialization",
       // At the sender, and again at the receiver.
       2 * time_of(network.serialization)},
      {"/compute/gradient", factor * shortest(scenario.gradient_time)},
      {"/compute/sample", factor * double(scenario.sample_time) * double(scenario.batch_size)}};
  // An asynchronous server aggregates while its workers compute: its time adds nothing in a row.
  if (!protocol.in_step) return parts;
  parts.push_back({"/compute/aggregation", factor * shortest(scenario.aggregation_time)});
  if (scenario.operations_per_second)
    parts.push_back(
        {"/compute/operations_per_second",
         factor * 1e9 *
             operations(rules().at(scenario.workers.aggregator.name).growth,
                        static_cast<std::size_t>(scenario.workers.quorum.value_or(1)), dimension) /
             double(*scenario.operations_per_second)});
  return parts;
}

bool others_choose_times(const Scenario& scenario) {
  return scenario.time_limit > 0 || scenario.rushing || scenario.scheduler.name != "random" ||
         !scenario.script.empty();
}

}  // namespace

void refuse_beyond_time(const Scenario& scenario, std::size_t dimension) {
  BYZ_CHECK(scenario.workers.count > 0 && scenario.steps >= 0, "the scenario was checked");
  // An adversary that schedules may shorten delays, and a time limit ends any run.
  if (others_choose_times(scenario)) return;
  const bool together = protocols().at(scenario.protocol.name).in_step;
  // Workers of an asynchronous server make a step each at the same time.
  const std::int64_t in_a_row = together ? scenario.steps : scenario.steps / scenario.workers.count;
  double step = 0;
  StepPart most{"", 0};
  for (StepPart& part : parts_of_step(scenario, dimension)) {
    step += part.nanoseconds;
    if (part.nanoseconds > most.nanoseconds) most = std::move(part);
  }
  const double end = step * double(in_a_row);
  if (end < double(kEndOfTime)) return;
  throw InputError(
      {most.setting,
       fmt::format("{} steps take at least {:.3g} years of simulated time, which ends after {:.0f}",
                   scenario.steps, end / 1e9 / kYear, seconds(kEndOfTime) / kYear),
       "use shorter times or fewer steps, or set /time_limit"});
}

}  // namespace byzsim
