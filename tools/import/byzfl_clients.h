// How many clients each point of a configuration of ByzFL's benchmark has.
#pragma once

#include <cstdint>
#include <vector>

#include "core/input/issue.h"
#include "tools/import/byzfl_config.h"

namespace byzsim {

/// Of one point: honest clients are at least 1, and `tolerated` is at least f.
struct ByzflClients {
  std::int64_t honest, f, tolerated;
  std::int64_t n() const { return honest + f; }
};

/// Every combination of nb_honest_clients, f and tolerated_f, at least one, the last fastest;
/// `removed` counts those that tolerate less than f, which ByzFL leaves out. Issues for points
/// without an honest client, and where none is left.
std::vector<ByzflClients> clients_of(const ByzflConfig& config, std::int64_t& removed,
                                     Issues& issues);

/// How many clients FedAvg draws in a round: int(honest x proportion).
std::int64_t sampled_of(const ByzflChoice& algorithm, std::int64_t honest);

}  // namespace byzsim
