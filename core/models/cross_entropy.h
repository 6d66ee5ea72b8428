// Softmax and cross-entropy over rows of outputs, one row an example. Everything is done in double,
// row by row and class by class, with the exponentials and logarithms of portable_math.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/models/model.h"

namespace byzsim {

/// The mean loss in nats of labels.size() >= 1 rows. Replaces each output by the derivative of that
/// mean by it. An output that is NaN or +infinity makes the loss non-finite.
template <class Real>
double cross_entropy_gradient(std::span<Real> outputs, std::span<const std::int32_t> labels);

/// Adds rows to an evaluation whose `loss` is still a sum. A row whose loss is not finite counts as
/// not correct.
void add_to_evaluation(std::span<const float> outputs, std::span<const std::int32_t> labels,
                       Evaluation& evaluation);

/// The `problem` of every model that predicts a class: a data set without classes.
std::optional<std::string> classes_missing(const Parameters& parameters, DataShape data);

}  // namespace byzsim
