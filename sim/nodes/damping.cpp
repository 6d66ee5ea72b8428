#include "sim/nodes/damping.h"

#include "core/check.h"
#include "core/exact/portable_math.h"

namespace byzsim {

std::vector<Parameter> damping_parameters() {
  return {word("damping", {"none", "inverse", "exponential"},
               "factor of a gradient that is tau updates old: 1, 1 / (1 + tau) or exp(-alpha tau)"),
          real("alpha", 0.2, 0, 1e6, "of the exponential damping, for each update")};
}

double damping_of(const Parameters& parameters, std::int64_t staleness) {
  BYZ_CHECK(staleness >= 0, "no gradient is of a model to come");
  const std::string& damping = parameters.word("damping");
  const auto tau = static_cast<double>(staleness);
  if (damping == "inverse") return 1 / (1 + tau);
  // The factor reaches the model's bits, and libm's exp differs between systems.
  if (damping == "exponential") return portable::exp(-parameters.real("alpha") * tau);
  return 1;
}

}  // namespace byzsim
