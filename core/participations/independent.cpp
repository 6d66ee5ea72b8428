// Every client takes part in a round with one probability, independently of the others (D-Byz-SGDM,
// arXiv 2509.02970).
#include <cmath>

#include "core/exact/portable_math.h"
#include "core/participations/participation.h"

namespace byzsim::participations_list {
namespace {

std::vector<Participant> draw_independent(const Parameters& parameters, std::int64_t clients,
                                          Stream stream) {
  const double probability = parameters.real("probability");
  std::vector<Participant> participants;
  const double rest = portable::log(1 - probability);
  for (double next = 0;; ++next) {
    // How many are left out before the next is geometric: one draw for each that takes part.
    // Nobody is left out with probability 1, whose logarithm is infinite.
    next += std::floor(portable::log(stream.uniform_open()) / rest);
    if (!(next < static_cast<double>(clients))) return participants;
    participants.push_back({static_cast<std::uint32_t>(next)});
  }
}

std::int64_t most_of_independent(const Parameters&, std::int64_t clients) { return clients; }

}  // namespace

ParticipationEntry independent() {
  return {
      .declaration =
          {.name = "independent",
           .summary = "each client with one probability, independently of the others",
           .source = "D-Byz-SGDM (arXiv 2509.02970)",
           .parameters = {real("probability", 0.1, 0, 1, "of taking part in a round").above_low()}},
      .draw = draw_independent,
      .most = most_of_independent};
}

}  // namespace byzsim::participations_list
