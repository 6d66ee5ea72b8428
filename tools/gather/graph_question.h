// What `byzsim contraction SCENARIO` asks: one combine on the scenario's graph.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/gather/graph_contraction.h"
#include "sim/scenario/scenario.h"
#include "tools/input/scenario_options.h"

namespace byzsim {

/// As typed. Absent values are those of /nodes/start.
struct GraphWords {
  ScenarioOptions scenario;
  std::optional<std::string> values;
  std::optional<std::int64_t> byzantine;  ///< with values alone; absent: 1
};

/// A combine and what is needed to write its positions: units of 10^-places.
struct GraphQuestion {
  Scenario scenario;
  GraphGather gather;
  int places;
};

/// With values the scenario has as many honest nodes, and `byzantine` more. Throws InputError with
/// all mistakes of the scenario, its graph and the combine.
GraphQuestion graph_question(const GraphWords& asked, const CommonOptions& common);

}  // namespace byzsim
