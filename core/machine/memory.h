// How much memory there is, so that a run that cannot fit is refused before it starts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace byzsim {

inline constexpr double kGiB = 1024.0 * 1024 * 1024;  ///< bytes

/// The memory that this process may use, in bytes: the machine's, or what its control group or one
/// above allows, or what the environment says in BYZSIM_MEMORY ("4 GiB"), whichever is least; 0
/// when unknown.
/// Throws InputError for a BYZSIM_MEMORY that is no amount.
std::uint64_t memory_bytes();
/// What control groups allow: the least limit of the groups in `groups` (the text of
/// /proc/self/cgroup) and of those above, of either version, mounted at `root`; nothing without a
/// limit.
std::optional<std::uint64_t> group_memory_bytes(const std::string& groups,
                                                const std::filesystem::path& root);
/// "512 MiB", "4 GiB", a number of bytes; nothing for any other text.
std::optional<std::uint64_t> parse_memory(const std::string& text);
/// What this process holds now, in bytes; 0 when unknown.
std::uint64_t resident_memory_bytes();
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
