// Random changes of inputs, with which a climb goes on from the worst so far.
#pragma once

#include "core/exact/random.h"
#include "core/robustness/input_vectors.h"

namespace byzsim {

/// One of: a coordinate, a vector or all vectors equal to it moved by about `step`; a vector, or a
/// coordinate of it, made equal to another's; a vector moved along the line through another; two
/// vectors traded; all scaled.
InputVectors changed_inputs(const InputVectors& inputs, double step, Stream& stream);

/// The largest distance of two values in one coordinate.
double widest_coordinate(const InputVectors& inputs);

}  // namespace byzsim
