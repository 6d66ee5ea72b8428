// The first draws of many streams at once: of those that differ in their identity alone, as the
// delays of one message to many receivers do. Eight streams share the instructions of one.
//
// Invariant: the values are those of Stream (core/exact/random.h), bit by bit.
#pragma once

#include <cstdint>
#include <span>

#include "core/exact/random.h"

namespace byzsim {

/// What the streams have in common; the counter is below 2^40.
struct StreamsName {
  std::uint64_t seed;
  Purpose purpose;
  std::uint64_t counter;
};

/// bits[i] = Stream(seed, purpose, identities[i], counter).bits(); identities are below 2^48, and
/// both have one size.
void first_bits(const StreamsName& name, std::span<const std::uint64_t> identities,
                std::span<std::uint64_t> bits);

/// values[i] is the exponential() of a stream whose next bits() is bits[i]; both have one size.
void exponentials_of(std::span<const std::uint64_t> bits, std::span<double> values);

}  // namespace byzsim
