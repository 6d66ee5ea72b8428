// Learning-rate schedules eta_t. One file a schedule under rates/.
#pragma once

#include <cstdint>

#include "core/table.h"

namespace byzsim {

struct RateEntry {
  Declaration declaration;
  /// The rate of step t >= 0; eta(parameters, 0) is the initial one.
  double (*rate)(const Parameters& parameters, std::int64_t step);
};

const Table<RateEntry>& rates();

}  // namespace byzsim
