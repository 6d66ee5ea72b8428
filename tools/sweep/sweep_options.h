// The sweep that the commands of `byzsim sweep` are about, as typed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/line/command.h"

namespace byzsim {

/// Words only: nothing is read or checked yet.
struct SweepOptions {
  std::string name;  ///< a sweep, a scenario, or the directory of a sweep that has begun
  std::vector<std::string> axes;
  std::optional<std::int64_t> repeat;
  std::vector<std::string> sets;
  std::string out;  ///< empty: the default place
};
/// SWEEP, --axis, --repeat, --set and --out.
void offer_sweep(CommandOptions& options, SweepOptions& own);

}  // namespace byzsim
