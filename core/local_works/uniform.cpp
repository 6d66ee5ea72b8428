// A number of local steps drawn for each client and round: clients that do as much as they can.
#include <fmt/format.h>

#include "core/local_works/local_work.h"

namespace byzsim::local_works_list {
namespace {

std::int64_t drawn_steps(const Parameters& parameters, LocalWorkInput input) {
  const std::int64_t least = parameters.integer("least"), most = parameters.integer("most");
  return least + static_cast<std::int64_t>(
                     input.stream.below(static_cast<std::uint64_t>(most - least) + 1));
}

std::optional<std::string> problem_of_range(const Parameters& parameters) {
  const std::int64_t least = parameters.integer("least"), most = parameters.integer("most");
  if (least <= most) return std::nullopt;
  return fmt::format("least is {} and most is {}; exchange them", least, most);
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
      .steps = drawn_steps,
      .problem = problem_of_range};
}

}  // namespace byzsim::local_works_list
