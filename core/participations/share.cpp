// A share of the clients a round, drawn uniformly: max(floor(C n), 1) of them (McMahan et al.,
// AISTATS 2017, as we understand it).
#include <algorithm>
#include <cmath>

#include "core/participations/participation.h"

namespace byzsim::participations_list {
namespace {

std::int64_t most_of_share(const Parameters& parameters, std::int64_t clients) {
  const double drawn = std::floor(parameters.real("share") * static_cast<double>(clients));
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(drawn));
}

std::vector<Participant> draw_share(const Parameters& parameters, std::int64_t clients,
                                    Stream stream) {
  return drawn_clients(most_of_share(parameters, clients), parameters.flag("replacement"), clients,
                       stream);
}

}  // namespace

ParticipationEntry share() {
  return {.declaration = {.name = "share",
                          .summary = "a share of the clients, drawn uniformly in each round: "
                                     "max(floor(share n), 1) of n",
                          .source = "FedAvg (McMahan et al., AISTATS 2017), as we understand it",
                          .parameters = {real("share", 0.1, 0, 1, "of all clients").above_low(),
                                         flag("replacement", false,
                                              "draw with replacement: a client that is drawn twice "
                                              "trains once, and its vector counts twice")}},
          .draw = draw_share,
          .most = most_of_share};
}

}  // namespace byzsim::participations_list
