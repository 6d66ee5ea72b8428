// What a benchmark's process asks of operator new, on all threads.
#pragma once

#include <cstdint>

namespace byzsim::bench {

struct Allocations {
  std::uint64_t calls = 0;
  std::uint64_t bytes = 0;
  std::uint64_t held_bytes = 0;  ///< what the process has taken from the system for its heap
};

Allocations allocations_so_far();

}  // namespace byzsim::bench
