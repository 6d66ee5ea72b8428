// The order in which a client goes through its examples, pass after pass.
#pragma once

#include <cstdint>
#include <vector>

#include "core/exact/random.h"

namespace byzsim {

/// Whose passes they are: names the draws of their orders.
struct PassOwner {
  std::uint64_t seed;
  std::uint64_t client;
};

/// Places in a share of `examples` >= 1 of batch `number` >= 0: every pass is a new random order of
/// all places, cut into batches of `batch_size` >= 1, the last of which may be smaller.
std::vector<std::uint32_t> places_of_batch(std::size_t examples, std::size_t batch_size,
                                           std::uint64_t number, PassOwner owner);

}  // namespace byzsim
