// A fixed number of local steps.
#include "core/local_works/local_work.h"

namespace byzsim::local_works_list {
namespace {

std::int64_t fixed_steps(const Parameters& parameters, LocalWorkInput) {
  return parameters.integer("count");
}

}  // namespace

LocalWorkEntry steps() {
  return {.declaration = {.name = "steps",
                          .summary = "a fixed number of local steps",
                          .source = "local SGD",
                          .parameters = {integer("count", 1, 1, 1e6, "local steps a round")},
                          .number = "count"},
          .steps = fixed_steps};
}

}  // namespace byzsim::local_works_list
