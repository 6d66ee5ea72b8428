// Training examples that are held back: no worker trains on them, and models are evaluated on them.
#pragma once

#include <cstdint>

#include "core/datasets/dataset.h"

namespace byzsim {

/// How many of `count` examples a share in [0, 1) holds back: all but floor((1 - share) count), as
/// ByzFL counts them.
std::size_t held_back_of(double share, std::size_t count);

/// Takes held_back_of() examples, drawn from the seed, out of the training set and returns them;
/// both keep the order of the set. Features stay normalised. At least one example stays.
Examples hold_back(Dataset& dataset, double share, std::uint64_t seed);

}  // namespace byzsim
