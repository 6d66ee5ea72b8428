// How much memory there is, so that a run that cannot fit is refused before it starts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace byzsim {

/// Physical memory of the machine in bytes; 0 when unknown.
std::uint64_t physical_memory_bytes();
/// The most memory this process has held so far, in bytes; 0 when unknown.
std::uint64_t peak_memory_bytes();

/// From now on freed blocks of any size stay with the process for the next vector: a fresh mapping
/// costs many times a reused buffer. First thing in a main that trains.
void keep_freed_memory();

/// Asks for large pages below memory that is about to be filled, where the system has them: the
/// first touch of a long array then costs a fraction.
void use_large_pages(void* begin, std::size_t bytes);

/// Reserves room for `count` elements in large pages.
template <class T>
void reserve_large(std::vector<T>& vector, std::size_t count) {
  vector.reserve(count);
  use_large_pages(vector.data(), count * sizeof(T));
}

}  // namespace byzsim
