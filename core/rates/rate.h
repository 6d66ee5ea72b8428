// Learning-rate schedules eta_t. One file a schedule under rates/.
#pragma once

#include <cstdint>

#include "core/input/parameters.h"
#include "core/input/table.h"

namespace byzsim {

/// One schedule of the table; a pure function of its parameters and the step.
struct RateEntry {
  Declaration declaration;
  /// The rate of step t >= 0 after the warm-up; eta(parameters, 0) is the initial one.
  double (*rate)(const Parameters& parameters, std::int64_t step);
};

/// Every schedule has the parameter warm_up beside its own.
const Table<RateEntry>& rates();

/// The learning rate of step t >= 0. With w = warm_up steps before the schedule, the rate rises
/// linearly to the initial one, eta_0 (t + 1) / (w + 1) for t < w, and is eta_(t - w) from step w
/// on (Goyal et al., arXiv 1706.02677, 2.2: gradual warm-up).
double learning_rate(const Choice& rate, std::int64_t step);

}  // namespace byzsim
