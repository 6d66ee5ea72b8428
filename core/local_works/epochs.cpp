// A number of passes over the client's examples: ceil(examples / batch size) local steps each.
#include <algorithm>

#include "core/local_works/local_work.h"

namespace byzsim::local_works_list {
namespace {

std::int64_t steps_of_epochs(const Parameters& parameters, LocalWorkInput input) {
  const std::int64_t batches = (input.examples + input.batch_size - 1) / input.batch_size;
  return parameters.integer("count") * std::max<std::int64_t>(1, batches);
}

}  // namespace

LocalWorkEntry epochs() {
  return {.declaration = {.name = "epochs",
                          .summary = "passes over the client's examples: as many local steps as "
                                     "that takes at its batch size",
                          .source = "FedAvg (McMahan et al., AISTATS 2017), as we understand it",
                          .parameters = {integer("count", 1, 1, 1e6, "epochs a round")}},
          .steps = steps_of_epochs};
}

}  // namespace byzsim::local_works_list
