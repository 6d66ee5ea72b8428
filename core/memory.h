// How much memory there is, so that a run that cannot fit is refused before it starts.
#pragma once

#include <cstdint>

namespace byzsim {

/// Physical memory of the machine in bytes; 0 when unknown.
std::uint64_t physical_memory_bytes();
/// The most memory this process has held so far, in bytes; 0 when unknown.
std::uint64_t peak_memory_bytes();

/// From now on freed blocks of any size stay with the process for the next vector: a fresh mapping
/// costs many times a reused buffer. First thing in a main that trains.
void keep_freed_memory();

}  // namespace byzsim
