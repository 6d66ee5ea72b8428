// The streams of a graph's draws, named by what is drawn and by a counter: the try, where a draw is
// repeated until it fits.
#pragma once

#include <cstdint>

#include "core/exact/random.h"

namespace byzsim {

/// What is drawn of a graph. Values are part of every digest: never renumber, only append.
enum class GraphDraw : std::uint8_t {
  edges = 0,
  switches = 1,   ///< that repair edges drawn before
  placement = 2,  ///< who is Byzantine
  guess = 3,      ///< where an iteration begins
};

/// The stream of one of them; other draws do not move it.
inline Stream graph_stream(std::uint64_t seed, GraphDraw draw, std::uint64_t counter) {
  return {seed, Purpose::topology, static_cast<std::uint64_t>(draw), counter};
}

}  // namespace byzsim
