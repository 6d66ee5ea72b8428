// What the kinds of graphs with cliques share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/graphs/graph.h"
#include "core/input/issue.h"

namespace byzsim {

/// Joins each two of the vertices first ... first + size - 1.
void add_clique(std::vector<Edge>& edges, std::uint32_t first, std::uint32_t size);

/// The number of edges of a clique.
double edges_of_clique(double size);

/// Refuses an odd number of nodes, or fewer than `least`, for a kind with two equal halves.
std::optional<Issue> uneven_halves(const std::string& kind, std::int64_t nodes, std::int64_t least);

}  // namespace byzsim
