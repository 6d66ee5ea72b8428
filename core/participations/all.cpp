// Every client in every round.
#include "core/participations/participation.h"

namespace byzsim::participations_list {
namespace {

std::vector<Participant> draw_all(const Parameters&, std::int64_t clients, Stream) {
  std::vector<Participant> participants;
  for (std::int64_t i = 0; i < clients; ++i)
    participants.push_back({static_cast<std::uint32_t>(i)});
  return participants;
}

std::int64_t most_of_all(const Parameters&, std::int64_t clients) { return clients; }

}  // namespace

ParticipationEntry all() {
  return {.declaration = {.name = "all",
                          .summary = "every client takes part in every round",
                          .source = "the definition"},
          .draw = draw_all,
          .most = most_of_all};
}

}  // namespace byzsim::participations_list
