// How far the nodes came that a fault of the scenario names: crashed, cut off or slow ones.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/run/simulation.h"

namespace byzsim {

/// Of one fault that began before the run ended and names an honest node.
struct NodeFates {
  struct Fate {
    NodeId node;
    std::int64_t steps;  ///< that it has finished
  };
  std::string fault;        ///< its JSON pointer
  std::size_t nodes = 0;    ///< how many honest ones
  std::vector<Fate> first;  ///< at most ten of them
};

std::vector<NodeFates> node_fates(const Simulation& simulation);

}  // namespace byzsim
