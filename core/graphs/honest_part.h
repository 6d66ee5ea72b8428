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
