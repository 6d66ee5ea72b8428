#include "core/models/optimizer.h"

#include <cstddef>

#include "core/check.h"

namespace byzsim {

void average_into(std::span<float> gradient, std::span<const float> momentum, double beta) {
  BYZ_CHECK(momentum.size() == gradient.size(), "momentum and gradient have one length");
  // 1 - beta in double, then rounded: in float it would carry the rounding of beta.
  const auto kept = static_cast<float>(beta), added = static_cast<float>(1.0 - beta);
  for (std::size_t i = 0; i < momentum.size(); ++i)
    gradient[i] = kept * momentum[i] + added * gradient[i];
}

void descend(std::span<const float> model, std::span<const float> gradient, double rate,
             double weight_decay, std::span<float> next) {
  BYZ_CHECK(model.size() == gradient.size() && next.size() == model.size(),
            "model and gradient have one length");
  const auto step = static_cast<float>(rate), decay = static_cast<float>(weight_decay);
  for (std::size_t i = 0; i < model.size(); ++i)
    // Each operation is rounded to float32: fused only where the source says so.
    next[i] = model[i] - step * (gradient[i] + decay * model[i]);
}

}  // namespace byzsim
