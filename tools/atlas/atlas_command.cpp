// `byzsim atlas`: the commands within it.
#include "core/input/table.h"
#include "tools/line/command.h"

namespace byzsim {

Command atlas_command() {
  return {.name = "atlas",
          .summary = "Build, verify and use the atlas of worst cases",
          .examples =
              "  byzsim atlas verify --sample 20\n"
              "  byzsim atlas rank --plugin my_rule.so --rule my_rule",
          .define = nullptr,
          .commands = {
#define COMMAND(name) BYZSIM_MADE_BY(Command, atlas_##name##_command),
#include "tools/atlas/atlas_commands.def"
#undef COMMAND
          }};
}

}  // namespace byzsim
