// How a server moves its model by what clients made of it, as payloads.
#pragma once

#include "sim/nodes/computations.h"

namespace byzsim {

/// `to` - `from`, each coordinate rounded once. Launched.
Payload step_from(const SharedWorkload& workload, const Payload& from, const Payload& to);

/// `factor` * `vector`, each coordinate rounded once. Launched.
Payload scaled(const SharedWorkload& workload, const Payload& vector, double factor);

/// `model` + `rate` * `step`, each coordinate rounded once. Launched.
Payload moved_by(const SharedWorkload& workload, const Payload& model, const Payload& step,
                 double rate);

}  // namespace byzsim
