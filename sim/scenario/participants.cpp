#include "sim/scenario/participants.h"

#include <algorithm>

#include "core/check.h"

namespace byzsim {
namespace {

constexpr std::int64_t kMostDrawn = 20'000'000;  // in a second or two
// Which draw of participation it is: after those of rounds and of clients that are idle.
constexpr std::uint64_t kDrawsOfServers = 2;

const ParticipationEntry& entry_of(const Scenario& scenario) {
  return participations().at(scenario.participation.name);
}

}  // namespace

bool draws_participants(const Scenario& scenario) { return scenario.participation.name != "all"; }

std::vector<Participant> participants_at(const Scenario& scenario, std::int64_t step) {
  BYZ_CHECK(step >= 0, "rounds are counted from 0");
  return entry_of(scenario).draw(
      scenario.participation.parameters, scenario.workers.count,
      Stream(scenario.seed, Purpose::participation, 0, static_cast<std::uint64_t>(step)));
}

std::int64_t most_ever_asked(const Scenario& scenario) {
  const std::int64_t n = scenario.workers.count,
                     most = entry_of(scenario).most(scenario.participation.parameters, n);
  return scenario.steps < n / std::max<std::int64_t>(1, most) ? scenario.steps * most : n;
}

std::int64_t honest_among(const Scenario& scenario, const std::vector<Participant>& participants) {
  return std::count_if(participants.begin(), participants.end(), [&](const Participant& each) {
    return !scenario.is_byzantine({Role::worker, each.client});
  });
}

std::uint32_t server_drawn_by(const Scenario& scenario, std::uint32_t worker, std::int64_t step) {
  Stream stream(scenario.seed, Purpose::participation, kDrawsOfServers + worker,
                static_cast<std::uint64_t>(step));
  return static_cast<std::uint32_t>(
      stream.below(static_cast<std::uint64_t>(scenario.servers.count)));
}

std::int64_t workers_that_draw(const Scenario& scenario, std::uint32_t server, std::int64_t step) {
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < scenario.workers.count; ++i)
    count += server_drawn_by(scenario, static_cast<std::uint32_t>(i), step) == server;
  return count;
}

RoundBounds bounds_of_rounds(const Scenario& scenario) {
  const std::int64_t n = scenario.workers.count, f = scenario.workers.byzantine.declared;
  if (!draws_participants(scenario)) return {f, n, 0};
  const std::int64_t most =
      std::max<std::int64_t>(1, entry_of(scenario).most(scenario.participation.parameters, n));
  const std::int64_t rounds = std::clamp<std::int64_t>(kMostDrawn / most, 1, scenario.steps);
  RoundBounds bounds{0, most, 0};
  for (std::int64_t step = 0; step < rounds; ++step) {
    std::int64_t byzantine = 0, all = 0;
    for (const Participant& each : participants_at(scenario, step)) {
      all += each.times;
      if (each.client >= n - f) byzantine += each.times;
    }
    bounds.most_byzantine = std::max(bounds.most_byzantine, byzantine);
    if (all >= bounds.fewest) continue;
    bounds.fewest = all;
    bounds.fewest_at = step;
  }
  return bounds;
}

}  // namespace byzsim
