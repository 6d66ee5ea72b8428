// A table of how near each kernel comes to the speed at which its input can be read.
#pragma once

#include <cstddef>

namespace byzsim::bench {

/// Prints a line for each kernel on n vectors: GB/s, share of REF (the fastest read probe), and
/// pair-coordinates a second for the distances. All kernels take turns in each of the rounds, so
/// that a busy machine slows all alike; medians over the rounds.
void print_shares(std::size_t n, std::size_t dimension, int rounds);

}  // namespace byzsim::bench
