// A number of local steps drawn for each client and round: clients that do as much as they can.
#include <algorithm>

#include "core/local_works/local_work.h"

namespace byzsim::local_works_list {
namespace {

std::int64_t drawn_steps(const Parameters& parameters, LocalWorkInput input) {
  const std::int64_t least = parameters.integer("least");
  // With its ends exchanged the range is the same.
  const std::int64_t most = parameters.integer("most");
  const auto width = static_cast<std::uint64_t>(std::max(least, most) - std::min(least, most)) + 1;
  return std::min(least, most) + static_cast<std::int64_t>(input.stream.below(width));
}

}  // namespace

LocalWorkEntry uniform() {
  return {
      .declaration = {.name = "uniform",
                      .summary = "a number of local steps drawn for each client and round",
                      .source = "FedProx's clients of unequal speed (Li et al., MLSys 2020), as "
                                "we understand them",
                      .parameters = {integer("least", 1, 1, 1e6, "fewest local steps"),
                                     integer("most", 5, 1, 1e6, "most local steps")}},
      .steps = drawn_steps};
}

}  // namespace byzsim::local_works_list
