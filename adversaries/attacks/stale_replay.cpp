// What it says is true, but long past: the coalition hands it its own vector of so many steps ago
// (the oldest there is, early in a run). In `eval`, which has no past, it says its own vector.
#include "adversaries/attacks/attack.h"

namespace byzsim::attacks_list {

Attack stale_replay() {
  return {
      .declaration =
          {.name = "stale_replay",
           .summary = "replays the vector that an honest node in its place sent `steps` steps ago",
           .source = "byzsim's own",
           .parameters = {integer("steps", 50, 1, 1e6, "age of the vector in steps")}},
      .uses_honest = false,
      .craft_float = own_vector<float>,
      .craft_double = own_vector<double>,
      .replays = true};
}

}  // namespace byzsim::attacks_list
