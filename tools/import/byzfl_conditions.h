// Which rules of a configuration of ByzFL's benchmark can aggregate at which of its points.
#pragma once

#include <string>
#include <vector>

#include "core/input/issue.h"
#include "tools/import/byzfl_clients.h"
#include "tools/import/byzfl_config.h"

namespace byzsim {

/// What becomes of the conditions that are stated for rules here, over all numbers of clients and
/// chains of pre-aggregators.
struct ByzflConditions {
  /// ByzFL's names of rules that break a condition here and none of ByzFL's, which asks for 2f < n
  /// alone: they need "unsafe": true.
  std::vector<std::string> permitted;
  /// One for each rule that cannot aggregate at some point, by the key of ByzFL's file. A sweep
  /// with such a point would be refused as a whole.
  Issues issues;
};

/// Of federated training, whose rounds have clients by chance, only what is permitted.
ByzflConditions conditions_of(const ByzflConfig& config, const std::vector<ByzflClients>& clients);

}  // namespace byzsim
