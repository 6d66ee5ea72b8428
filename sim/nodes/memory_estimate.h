// How much memory a run is going to take, from its scenario alone: what is more than the machine
// has is refused before anything is made. An estimate from above, within a small factor.
#pragma once

#include <cstddef>

#include "core/datasets/dataset.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// What the estimate depends on.
struct EstimatedRun {
  const Scenario& scenario;
  const DatasetSize& data;
  std::size_t dimension;  ///< of the model
  int threads;
  bool triggered;  ///< whether the test examples are kept with a backdoor's trigger, too
};

/// Bytes of data, of vectors that are alive at once, and of what rules and workers keep.
double bytes_of_run(const EstimatedRun& run);

/// On their way at once when all servers write to each other, as in a gather; 160 to 170 bytes
/// each, measured with 1,000 to 4,000 servers.
double bytes_of_messages(const Scenario& scenario);

}  // namespace byzsim
