#include "core/participations/participation.h"

#include <algorithm>
#include <map>

#include "core/check.h"

namespace byzsim {

namespace participations_list {
std::vector<ParticipationEntry> all_participations() {
  return {
#define STRATEGY(name) BYZSIM_MADE_BY(ParticipationEntry, name),
#include "core/participations/participations.def"
#undef STRATEGY
  };
}
}  // namespace participations_list

const Table<ParticipationEntry>& participations() {
  static const Table<ParticipationEntry> table(participations_list::all_participations());
  return table;
}

std::vector<Participant> drawn_clients(std::int64_t count, bool replacement, std::int64_t clients,
                                       Stream& stream) {
  BYZ_CHECK(clients > 0 && count >= 0, "clients are drawn of some");
  std::map<std::uint64_t, std::int64_t> times;
  const auto all = static_cast<std::uint64_t>(clients), drawn = static_cast<std::uint64_t>(count);
  if (replacement) {
    for (std::uint64_t i = 0; i < drawn; ++i) ++times[stream.below(all)];
  } else {
    // Floyd's draw: in the place of one that is there already, the last that could be drawn.
    for (std::uint64_t last = all - std::min(drawn, all); last < all; ++last) {
      const std::uint64_t candidate = stream.below(last + 1);
      times.emplace(times.contains(candidate) ? last : candidate, 1);
    }
  }
  std::vector<Participant> participants;
  for (const auto& [client, often] : times)
    participants.push_back({static_cast<std::uint32_t>(client), often});
  return participants;
}

}  // namespace byzsim
