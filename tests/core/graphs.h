// What the tests of graphs share: choices by name, and graphs of them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/graphs/placement.h"
#include "core/graphs/topology.h"

namespace byzsim::graphs {

using Edges = std::vector<Edge>;
using Settings = std::vector<std::pair<std::string, Value>>;
using Integers = std::vector<std::int64_t>;

inline Choice choice_among(const std::vector<Declaration>& declarations, const std::string& name,
                           const Settings& settings) {
  for (const Declaration& declaration : declarations)
    if (declaration.name == name) {
      Choice choice{name, defaults(declaration.parameters)};
      for (const auto& [parameter, value] : settings) choice.parameters.set(parameter, value);
      return choice;
    }
  return {};
}

/// A kind with these values, the others at their defaults.
inline Choice topology(const std::string& name, const Settings& settings = {}) {
  return choice_among(topologies().declarations(), name, settings);
}

inline Choice placement(const std::string& name, const Settings& settings = {}) {
  return choice_among(placements().declarations(), name, settings);
}

/// A graph of that kind, seed 1.
inline Graph graph(const std::string& name, std::size_t nodes, const Settings& settings = {}) {
  return make_graph(topology(name, settings), nodes, 1, "/topology");
}

}  // namespace byzsim::graphs
