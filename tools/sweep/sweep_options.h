// The sweep that the commands of `byzsim sweep` are about, as typed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/line/command.h"

namespace byzsim {

struct SweepOptions {
  std::string name;  ///< a sweep, a scenario, or the directory of a sweep that has begun
  std::vector<std::string> axes;
  std::optional<std::int64_t> repeat;
  std::vector<std::string> sets;
  std::string out;  ///< empty: the default place
};
void offer_sweep(CommandOptions& options, SweepOptions& own);

}  // namespace byzsim
