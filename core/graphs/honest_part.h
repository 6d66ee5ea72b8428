// What is to be known of the honest part of a graph before a run, as sentences. Vertices
// 0 ... honest - 1 are honest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/graphs/graph.h"

namespace byzsim {

/// That the honest part is not connected, with its smallest component; nothing if it is.
std::optional<std::string> disconnected_honest_part(const Graph& graph, std::size_t honest);

/// That an honest node has fewer than `least` neighbours: the one with the fewest; nothing if none.
std::optional<std::string> low_degree(const Graph& graph, std::size_t honest, std::size_t least);

/// An honest node among its neighbours.
struct Neighbourhood {
  std::uint32_t node;
  std::size_t byzantine;  ///< of its neighbours
  std::size_t neighbours;
  friend bool operator==(const Neighbourhood&, const Neighbourhood&) = default;
};

/// The honest node with the most Byzantine neighbours; of equal ones that with the fewest
/// neighbours, then the lowest. At least one vertex is honest.
Neighbourhood most_byzantine_neighbourhood(const Graph& graph, std::size_t honest);
/// The same as a sentence.
std::string to_string(const Neighbourhood& neighbourhood);

}  // namespace byzsim
