// How many coordinates a sparsifier keeps: a count, or a share of the dimension.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/input/parameters.h"

namespace byzsim {

/// The declared parameters `k` (an integer, or by `share`) and `share`.
std::vector<Parameter> kept_count_parameters();

/// How many of `dimension` coordinates are kept: k, or the share rounded to the nearest integer
/// (halves up), at least 1; all where there are no more.
std::size_t kept_count(const Parameters& parameters, std::size_t dimension);

/// Bytes of a vector of float32 as it is.
constexpr std::int64_t dense_bytes(std::size_t dimension) {
  return 4 * static_cast<std::int64_t>(dimension);
}

}  // namespace byzsim
