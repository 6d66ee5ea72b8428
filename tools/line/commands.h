// All commands, which lie on the floors above: the program gives them (tools/commands.cpp).
#pragma once

#include <vector>

#include "tools/line/command.h"

namespace byzsim {

/// In the order of `byzsim --help`. Made at each call; nothing of them is kept.
std::vector<Command> commands();

}  // namespace byzsim
