// The extreme rays of a cone that is given by linear inequalities, by the double description method
// (Motzkin et al., 1953).
#pragma once

#include <cstddef>
#include <vector>

namespace byzsim {

/// Of {g >= 0, <a, g> >= 0 for every a of `constraints`} in `dimension` coordinates; each with the
/// largest coordinate 1. At most 64 coordinates and constraints together. Where a coordinate of a
/// ray is below 1e-12 it counts as 0: constraints are small whole numbers.
std::vector<std::vector<double>> cone_rays(std::size_t dimension,
                                           const std::vector<std::vector<double>>& constraints);

}  // namespace byzsim
