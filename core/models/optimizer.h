// Stochastic gradient descent as every node applies it.
#pragma once

#include <span>

namespace byzsim {

/// Momentum as an exponential average: m <- beta m + (1 - beta) g (Karimireddy et al., ICML 2021).
/// The first one is m = g (1 - beta), from m = 0. The new one takes the gradient's place.
void average_into(std::span<float> gradient, std::span<const float> momentum, double beta);

/// next = model - rate (gradient + weight_decay * model), each operation rounded to float32; three
/// spans of one length; the next may be the model itself.
void descend(std::span<const float> model, std::span<const float> gradient, double rate,
             double weight_decay, std::span<float> next);

}  // namespace byzsim
