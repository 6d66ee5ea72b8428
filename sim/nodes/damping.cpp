#include "sim/nodes/damping.h"

#include "core/check.h"
#include "core/exact/portable_math.h"

namespace byzsim {

std::vector<Parameter> damping_parameters() {
  return {word("damping", {"none", "inverse", "exponential", "polynomial", "hinge"},
               "factor of what is tau updates old: 1, 1 / (1 + tau), exp(-alpha tau), (1 + "
               "tau)^-alpha, or 1 up to delay_bound and 1 / (alpha (tau - delay_bound) + 1) after "
               "it"),
          real("alpha", 0.2, 0, 1e6, "of the damping, for each update"),
          integer("delay_bound", 4, 0, 1e9, "updates that the hinge does not damp")
              .omitted_at_default()
              .only_while("damping", "hinge")};
}

double damping_of(const Parameters& parameters, std::int64_t staleness) {
  BYZ_CHECK(staleness >= 0, "no gradient is of a model to come");
  const std::string& damping = parameters.word("damping");
  const auto tau = static_cast<double>(staleness);
  if (damping == "inverse") return 1 / (1 + tau);
  // The factor reaches the model's bits, and libm's exp differs between systems.
  if (damping == "exponential") return portable::exp(-parameters.real("alpha") * tau);
  if (damping == "polynomial")
    return portable::exp(-parameters.real("alpha") * portable::log(1 + tau));
  if (damping == "hinge") {
    const auto bound = static_cast<double>(parameters.integer("delay_bound"));
    return tau <= bound ? 1 : 1 / (parameters.real("alpha") * (tau - bound) + 1);
  }
  return 1;
}

}  // namespace byzsim
