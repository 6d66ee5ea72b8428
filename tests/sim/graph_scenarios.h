// Small scenarios of protocols on a graph.
#pragma once

#include <string>

#include "tests/sim/async_scenarios.h"

namespace byzsim {

/// Eight nodes on a ring, each joined to two on either side, on the blobs of small_sgd; plain
/// gossip, no Byzantine node.
inline Json small_gossip(const std::string& protocol = "gossip") {
  Json json = small_sgd();
  json.erase("servers");
  json.erase("workers");
  json["name"] = "small-gossip";
  json["protocol"] = {{"name", protocol}};
  json["nodes"] = {{"count", 8}, {"aggregator", "average"}, {"batch_size", 4}};
  json["topology"] = {{"name", "ring"}, {"parameters", {{"neighbours", 2}}}};
  return json;
}

}  // namespace byzsim
