// A number of clients a round, drawn uniformly.
#include <algorithm>

#include "core/participations/participation.h"

namespace byzsim::participations_list {
namespace {

std::vector<Participant> draw_count(const Parameters& parameters, std::int64_t clients,
                                    Stream stream) {
  return drawn_clients(parameters.integer("count"), parameters.flag("replacement"), clients,
                       stream);
}

std::int64_t most_of_count(const Parameters& parameters, std::int64_t clients) {
  const std::int64_t count = parameters.integer("count");
  return parameters.flag("replacement") ? count : std::min(count, clients);
}

}  // namespace

ParticipationEntry count() {
  return {.declaration = {.name = "count",
                          .summary = "a number of clients, drawn uniformly in each round",
                          .source = "FedAvg (McMahan et al., AISTATS 2017), as we understand it",
                          .parameters = {integer("count", 10, 1, 1e6,
                                                 "clients a round; all where there are no more"),
                                         flag("replacement", false,
                                              "draw with replacement: a client that is drawn twice "
                                              "trains once, and its vector counts twice")},
                          .number = "count"},
          .draw = draw_count,
          .most = most_of_count};
}

}  // namespace byzsim::participations_list
