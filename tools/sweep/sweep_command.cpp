// `byzsim sweep`: the commands within it.
#include "core/input/table.h"
#include "tools/line/command.h"

namespace byzsim {

Command sweep_command() {
  return {.name = "sweep",
          .summary = "Run a scenario along axes and seeds",
          .examples =
              "  byzsim sweep run quickstart --axis /protocol/parameters/gather_period=1,10,100\n"
              "  byzsim sweep merge results/quickstart/sweep-0123456789abcdef",
          .define = nullptr,
          .commands = {
#define COMMAND(name) BYZSIM_MADE_BY(Command, sweep_##name##_command),
#include "tools/sweep/sweep_commands.def"
#undef COMMAND
          }};
}

}  // namespace byzsim
