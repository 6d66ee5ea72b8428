// Stochastic gradient descent as every node applies it.
#pragma once

#include <span>

namespace byzsim {

/// Momentum as an exponential average: m <- beta m + (1 - beta) g (Karimireddy et al., ICML 2021).
/// The first one is m = g (1 - beta), from m = 0. The new one takes the gradient's place.
void average_into(std::span<float> gradient, std::span<const float> momentum, double beta);

/// model <- model - rate (gradient + weight_decay * model), each operation rounded to float32.
void descend(std::span<float> model, std::span<const float> gradient, double rate,
             double weight_decay);

}  // namespace byzsim
