#include "tools/line/commands.h"

namespace byzsim {

#define COMMAND(name) Command name##_command();
#include "tools/commands.def"
#undef COMMAND

std::vector<Command> commands() {
  return {
#define COMMAND(name) name##_command(),
#include "tools/commands.def"
#undef COMMAND
  };
}

}  // namespace byzsim
