// Random orders, each from a stream of its own.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/exact/random.h"

namespace byzsim {

/// Every order of the values equally likely: Fisher and Yates, as Durstenfeld (1964).
void shuffle(std::span<std::uint32_t> values, Stream stream);

/// 0 ... count - 1 in random order.
std::vector<std::uint32_t> random_permutation(std::size_t count, Stream stream);

}  // namespace byzsim
