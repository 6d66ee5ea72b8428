#include "tools/line/commands.h"
#include "core/input/table.h"

namespace byzsim {

std::vector<Command> commands() {
  return {
#define COMMAND(name) BYZSIM_MADE_BY(Command, name##_command),
#include "tools/commands.def"
#undef COMMAND
  };
}

}  // namespace byzsim
