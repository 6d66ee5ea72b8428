#include "sim/nodes/server_step.h"

#include "core/check.h"

namespace byzsim {

Payload step_from(const SharedWorkload& workload, const Payload& from, const Payload& to) {
  return combined(workload, from, to, [](double a, double b) { return b - a; });
}

Payload scaled(const SharedWorkload& workload, const Payload& vector, double factor) {
  return combined(workload, vector, vector, [factor](double a, double) { return factor * a; });
}

Payload moved_by(const SharedWorkload& workload, const Payload& model, const Payload& step,
                 double rate) {
  return combined(workload, model, step, [rate](double a, double b) { return a + rate * b; });
}

}  // namespace byzsim
